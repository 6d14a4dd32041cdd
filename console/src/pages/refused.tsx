import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { RefusedSignature } from '../api.ts';
import { get } from '../http.ts';
import { FaultChip } from '../ui/chip.tsx';
import { Page, Panel } from '../ui/panel.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { Table } from '../ui/table.tsx';
import { Text } from '../ui/text.tsx';
import { Time } from '../ui/time.tsx';

export const useRefused = () =>
  useQuery({
    queryKey: ['refused'],
    queryFn: ({ signal }) => get<{ items: readonly RefusedSignature[] }>('/refused-signatures', {}, signal),
    refetchInterval: 5000,
  });

/** Calls that were refused for their signature: what was to be signed, and how far the clock was off. */
export function RefusedPage() {
  const query = useRefused();
  return (
    <Page
      title="Refused signatures"
      above={
        <Link href="/calls" data-up="">
          Calls
        </Link>
      }
    >
      <p className="muted">
        The signature is HMAC-SHA1 of the timestamp as sent and then the user id, with the user's secret, in
        lower-case hex. The list is kept in memory, until the server stops.
      </p>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No call was refused for its signature." />
          ) : (
            <Panel title="Newest first" bare>
              <Table
                label="Refused signatures"
                tall
                items={items}
                keyOf={({ callId }) => callId}
                columns={[
                  { title: 'Time', cell: ({ at }) => <Time at={at} /> },
                  { title: 'Fault', cell: ({ fault }) => <FaultChip code={fault} /> },
                  {
                    title: 'Reason',
                    cell: ({ reason, mistake }) => (
                      <Text value={mistake ? `${reason}: ${mistake}` : reason} most={600} />
                    ),
                  },
                  {
                    title: 'What was to be signed',
                    cell: ({ signed }) =>
                      signed === null ? (
                        'no user or no timestamp was sent'
                      ) : (
                        <code>
                          <Text value={signed} />
                        </code>
                      ),
                  },
                  { title: 'Clock', cell: ({ clockDifferenceSeconds }) => clockText(clockDifferenceSeconds) },
                  {
                    title: 'User',
                    cell: ({ userId }) => userId !== null && <Text value={userId} most={60} />,
                  },
                  { title: 'Address', cell: ({ address }) => address !== null && <Text value={address} /> },
                ]}
              />
            </Panel>
          )
        }
      </Loaded>
    </Page>
  );
}

function clockText(behind: number | null): string {
  if (behind === null) return 'the timestamp cannot be read';
  const size = Math.abs(behind);
  if (size < 2) return "agrees with the server's";
  const amount =
    size < 120
      ? `${Math.round(size)} s`
      : size < 7200
        ? `${Math.round(size / 60)} minutes`
        : `${(size / 3600).toFixed(1)} hours`;
  return behind > 0 ? `${amount} behind the server's` : `${amount} ahead of the server's`;
}
