import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { Attempt, CallDetail, Overview } from '../api.ts';
import { curlScript } from '../curl.ts';
import { get, path, send } from '../http.ts';
import { AttemptView } from '../ui/attempt.tsx';
import { FaultChip, RowChips } from '../ui/chip.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Confirm, Dialog } from '../ui/dialog.tsx';
import { Page, Panel } from '../ui/panel.tsx';
import { RowResults } from '../ui/row-results.tsx';
import { Empty, ErrorNote, Loaded } from '../ui/states.tsx';
import { Text } from '../ui/text.tsx';
import { duration, Time } from '../ui/time.tsx';
import { useToast } from '../ui/toast.tsx';
import { XmlView } from '../ui/xml-view.tsx';

/** One call: what became of each row and why, and what was sent and answered. */
export function CallPage({ number }: { readonly number: string }) {
  const query = useQuery({
    queryKey: ['call', number],
    queryFn: ({ signal }) => get<CallDetail>(path('calls', number), {}, signal),
  });
  return (
    <Page
      title={`Call #${number}`}
      above={
        <Link href="/calls" data-up="">
          Calls
        </Link>
      }
      actions={query.data?.request ? <Actions call={query.data} xml={query.data.request} /> : undefined}
    >
      <Loaded query={query}>{(call) => <Content call={call} />}</Loaded>
    </Page>
  );
}

function Actions({ call, xml }: { readonly call: CallDetail; readonly xml: string }) {
  const [, go] = useLocation();
  const say = useToast();
  const [isAsking, setAsking] = useState(false);
  const overview = useQuery({
    queryKey: ['overview', 'server'],
    queryFn: () => get<Overview>('/overview', {}),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const endpoint = overview.data?.server.endpoint ?? `${location.origin}/soap/mktows/2_7`;
  const again = useMutation({
    mutationFn: () => send<Attempt>('POST', '/calls/send', { xml, userId: call.userId }),
    onSuccess({ number }) {
      say(number === null ? 'Sent' : `Sent again as call #${number}`);
      if (number !== null) go(`/calls/${number}`);
    },
    onError: (error) => say(error.message),
  });
  return (
    <>
      <CopyButton label="Copy as curl" text={() => curlScript(xml, call.userId, endpoint)} />
      <Link href={`/try?call=${call.number}`} className="button">
        Edit
      </Link>
      <DryRun call={call} xml={xml} />
      <button type="button" onClick={() => setAsking(true)} disabled={again.isPending}>
        Send again
      </button>
      {isAsking && (
        <Confirm
          title="Send this call again?"
          action="Send again"
          onConfirm={() => again.mutate()}
          onClose={() => setAsking(false)}
        >
          <p>The server signs it anew for its user and writes its rows. A dry run shows what would happen.</p>
        </Confirm>
      )}
    </>
  );
}

function DryRun({ call, xml }: { readonly call: CallDetail; readonly xml: string }) {
  const run = useMutation({
    mutationFn: () => send<Attempt>('POST', '/calls/dry-run', { xml, userId: call.userId }),
  });
  return (
    <>
      <button type="button" onClick={() => run.mutate()} disabled={run.isPending}>
        Dry run
      </button>
      {(run.data || run.error) && (
        <Dialog title="Dry run" isWide onClose={() => run.reset()}>
          {run.error && <ErrorNote error={run.error} />}
          {run.data && <AttemptView attempt={run.data} isDry />}
        </Dialog>
      )}
    </>
  );
}

function Content({ call }: { readonly call: CallDetail }) {
  const { fault, rowResults } = call;
  return (
    <>
      <div className="columns">
        <Panel title="Call">
          <Facts call={call} />
        </Panel>
        {fault && (
          <Panel title="Fault">
            <div className="note note-failed">
              <FaultChip code={fault.code} />
              <Text value={fault.text ?? ''} most={2000} />
            </div>
          </Panel>
        )}
      </div>
      {rowResults.length > 0 && (
        <Panel title={rowResults.length === 1 ? '1 row' : `${rowResults.length} rows`} bare>
          <RowResults rows={rowResults} />
        </Panel>
      )}
      <Bodies call={call} />
    </>
  );
}

function Facts({ call }: { readonly call: CallDetail }) {
  return (
    <>
      {call.outcomeUnknown && (
        <div className="note note-skipped">
          <strong>The outcome is unknown.</strong>
          <span>
            The connection to the database was lost at the commit. If the call was applied, there is a second
            entry with the same call id.
          </span>
        </div>
      )}
      <dl className="facts-line">
        <Fact title="Operation">
          <Text value={[call.operation || 'unknown', call.mode].filter(Boolean).join(' ')} />
        </Fact>
        <Fact title="Result">
          {call.fault ? <FaultChip code={call.fault.code} /> : <RowChips rows={call.rows} />}
        </Fact>
        <Fact title="Time">
          <Time at={call.at} />
        </Fact>
        <Fact title="Took">{call.milliseconds === null ? 'unknown' : duration(call.milliseconds)}</Fact>
        <Fact title="User">
          <Text value={call.userId} />
        </Fact>
        <Fact title="Address">{call.address === null ? 'unknown' : <Text value={call.address} />}</Fact>
        <Fact title="Call id">
          <code>{call.callId}</code>
        </Fact>
      </dl>
    </>
  );
}

function Fact({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Bodies({ call }: { readonly call: CallDetail }) {
  if (call.request === null && call.answer === null) {
    return (
      <Empty title="Request and answer were not kept.">
        {call.bodies === 'pruned' ? (
          'They were removed to make room for newer ones.'
        ) : (
          <>
            By default only those of failed calls are. The <Link href="/settings">settings</Link> change that,
            or <code>--journal-bodies all</code>.
          </>
        )}
      </Empty>
    );
  }
  return (
    <div className="columns">
      {(['request', 'answer'] as const).map((name) => {
        const xml = call[name];
        return (
          <Panel
            key={name}
            title={name === 'request' ? 'Request' : 'Answer'}
            bare={xml !== null}
            actions={xml !== null && <CopyButton label="Copy" text={() => xml} />}
          >
            {xml === null ? <p className="muted">It was not kept.</p> : <XmlView xml={xml} label={name} />}
          </Panel>
        );
      })}
    </div>
  );
}
