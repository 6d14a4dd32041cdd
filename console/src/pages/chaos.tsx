import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ChaosRule, UsedChaosRule } from '../api.ts';
import { faultCodes, operations } from '../choices.ts';
import { get, send } from '../http.ts';
import { Choice, Line } from '../ui/choice.tsx';
import { Page, Panel } from '../ui/panel.tsx';
import { Empty, ErrorNote, Loaded } from '../ui/states.tsx';
import { Table } from '../ui/table.tsx';
import { useToast } from '../ui/toast.tsx';

interface Chaos {
  readonly rules: readonly UsedChaosRule[];
  /** False: the server runs without --chaos. */
  readonly enabled: boolean;
}

const cuts = { before: 'before the commit', after: 'after the commit' } as const;

/** Faults on purpose, so that an integration's handling of them can be tested. */
export function ChaosPage() {
  const query = useQuery({
    queryKey: ['chaos'],
    queryFn: ({ signal }) => get<Chaos>('/chaos', {}, signal),
    refetchInterval: 5000,
  });
  return (
    <Page title="Chaos">
      <p className="muted">Makes calls fail as you ask, to see what an integration does about it.</p>
      <Loaded query={query}>
        {({ rules, enabled }) =>
          !enabled ? (
            <Empty title="Faults on purpose are off.">
              Start the server with <code>--chaos</code>, and never one that real integrations use.
            </Empty>
          ) : (
            <Rules rules={rules} />
          )
        }
      </Loaded>
    </Page>
  );
}

/** Returns what is left of the rules, as they are set. */
const left = (rules: readonly UsedChaosRule[]): readonly ChaosRule[] =>
  rules.flatMap(({ used, times, ...rule }) =>
    times !== null && times <= used ? [] : [{ ...rule, times: times === null ? null : times - used }],
  );

function Rules({ rules }: { readonly rules: readonly UsedChaosRule[] }) {
  const queries = useQueryClient();
  const say = useToast();
  const put = useMutation({
    mutationFn: (changed: readonly ChaosRule[]) => send('PUT', '/chaos', { rules: changed }),
    async onSuccess(_answer, changed) {
      say(changed.length === 0 ? 'No call fails on purpose' : 'The rules hold from the next call on');
      await queries.invalidateQueries({ queryKey: ['chaos'] });
    },
  });
  return (
    <>
      <AddRule onAdd={(rule) => put.mutate([...left(rules), rule])} />
      {put.error && <ErrorNote error={put.error} />}
      {rules.length === 0 ? (
        <Empty title="No rules: all calls are answered as they should be." />
      ) : (
        <Panel
          title="Rules; the first that fits is applied"
          bare
          actions={
            <button type="button" onClick={() => put.mutate([])}>
              Remove all
            </button>
          }
        >
          <Table
            label="Rules"
            items={rules.map((rule, place) => ({ ...rule, place }))}
            keyOf={({ place }) => place}
            columns={[
              { title: 'Operation', cell: ({ operation }) => operation },
              { title: 'Chance', number: true, cell: ({ probability }) => `${probability * 100} %` },
              { title: 'Does', cell: (rule) => doesText(rule) },
              {
                title: 'Times left',
                number: true,
                cell: ({ times, used }) => (times === null ? 'any number' : times - used),
              },
              {
                title: 'Do',
                cell: ({ place }) => (
                  <button
                    type="button"
                    onClick={() => put.mutate(left(rules.filter((_, one) => one !== place)))}
                  >
                    Remove
                  </button>
                ),
              },
            ]}
          />
        </Panel>
      )}
    </>
  );
}

function doesText({ fault, faultWhen, delayMs, cut }: ChaosRule): string {
  return [
    ...(delayMs === null ? [] : [`waits ${delayMs} ms`]),
    ...(fault === null ? [] : [`answers fault ${fault}${faultWhen === 'after' ? ' after the commit' : ''}`]),
    ...(cut === null ? [] : [`cuts the connection ${cuts[cut]}`]),
  ].join(', ');
}

const numberOr = (text: string): number | null => (text === '' ? null : Number(text));

function AddRule({ onAdd }: { readonly onAdd: (rule: ChaosRule) => void }) {
  const [operation, setOperation] = useState('any');
  const [percent, setPercent] = useState('100');
  const [fault, setFault] = useState('20011');
  const [delay, setDelay] = useState('');
  const [cut, setCut] = useState('');
  const [times, setTimes] = useState('1');
  const [isAfter, setAfter] = useState(false);
  const cutName = (Object.keys(cuts) as (keyof typeof cuts)[]).find((name) => cuts[name] === cut) ?? null;
  return (
    <Panel title="Add a rule">
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          onAdd({
            operation,
            probability: Number(percent) / 100,
            fault: numberOr(fault),
            faultWhen: isAfter ? 'after' : 'before',
            delayMs: numberOr(delay),
            cut: cutName,
            times: numberOr(times),
          });
        }}
      >
        <Choice
          label="Operation"
          options={['any', ...operations]}
          value={operation}
          onChange={setOperation}
        />
        <Choice label="Fault" any="none" options={faultCodes} value={fault} onChange={setFault} />
        <Choice
          label="Fault comes"
          options={Object.values(cuts)}
          value={isAfter ? cuts.after : cuts.before}
          onChange={(value) => setAfter(value === cuts.after)}
        />
        <Line label="Delay in ms" type="number" value={delay} onChange={setDelay} />
        <Choice
          label="Cut the connection"
          any="no"
          options={Object.values(cuts)}
          value={cut}
          onChange={setCut}
        />
        <Line label="Chance in %" type="number" value={percent} onChange={setPercent} required />
        <Line label="Times; empty: always" type="number" value={times} onChange={setTimes} />
        <button type="submit" className="primary">
          Add the rule
        </button>
      </form>
    </Panel>
  );
}
