import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Attempt, CallDetail, CallToTry, UserItem } from '../api.ts';
import { get, path, send } from '../http.ts';
import { AttemptView } from '../ui/attempt.tsx';
import { Choice } from '../ui/choice.tsx';
import { useFilters } from '../ui/filters.ts';
import { Page, Panel } from '../ui/panel.tsx';
import { ErrorNote, Loaded } from '../ui/states.tsx';
import { emptyForm, paramsOf, TryForm } from './try-form.tsx';
import { TryXml, xmlTemplate } from './try-xml.tsx';

/** A call that people build themselves: in a form, or as XML; tried first, then sent. */
export function TryPage() {
  const filters = useFilters();
  const call = filters.get('call');
  const query = useQuery({
    queryKey: ['call', call],
    queryFn: ({ signal }) => get<CallDetail>(path('calls', call), {}, signal),
    enabled: call !== '',
  });
  return (
    <Page title="Try it">
      {call === '' ? (
        <Editor xml={xmlTemplate} userId="" />
      ) : (
        <Loaded query={query}>
          {({ request, userId }) => <Editor xml={request ?? xmlTemplate} userId={userId} />}
        </Loaded>
      )}
    </Page>
  );
}

function Editor({ xml: given, userId: givenUser }: { readonly xml: string; readonly userId: string }) {
  const filters = useFilters();
  const isXml = filters.get('as') === 'xml' || (filters.get('call') !== '' && filters.get('as') !== 'form');
  const [form, setForm] = useState(emptyForm);
  const [xml, setXml] = useState(given);
  const [userId, setUserId] = useState(givenUser);
  const users = useQuery({
    queryKey: ['users'],
    queryFn: ({ signal }) => get<{ items: readonly UserItem[] }>('/users', {}, signal),
  });
  const [isDry, setDry] = useState(true);
  const attempt = useMutation({
    mutationFn: (dry: boolean) => {
      const user = userId === '' ? {} : { userId };
      const body: CallToTry = isXml
        ? { xml, ...user }
        : { operation: 'syncMObjects', params: paramsOf(form), ...user };
      return send<Attempt>('POST', dry ? '/calls/dry-run' : '/calls/send', body);
    },
  });
  const run = (dry: boolean) => {
    setDry(dry);
    attempt.mutate(dry);
  };
  return (
    <>
      <Panel
        title="The call"
        actions={
          <fieldset className="segments" aria-label="Written as">
            {(['form', 'xml'] as const).map((as) => (
              <button
                key={as}
                type="button"
                aria-pressed={isXml === (as === 'xml')}
                onClick={() => filters.set('as', as)}
              >
                {as === 'xml' ? 'XML' : 'Form'}
              </button>
            ))}
          </fieldset>
        }
      >
        {isXml ? <TryXml xml={xml} onChange={setXml} /> : <TryForm form={form} onChange={setForm} />}
        <div className="filters">
          <Choice
            label="As user"
            any="the first one"
            value={userId}
            options={users.data?.items.map((user) => user.userId) ?? []}
            onChange={setUserId}
          />
          <button type="button" className="primary" disabled={attempt.isPending} onClick={() => run(true)}>
            Dry run
          </button>
          <button type="button" disabled={attempt.isPending} onClick={() => run(false)}>
            Send
          </button>
          <span className="muted small">
            A dry run goes through the same decoder and rules, and writes nothing.
          </span>
        </div>
      </Panel>
      {attempt.error && <ErrorNote error={attempt.error} />}
      {attempt.data && <AttemptView attempt={attempt.data} isDry={isDry} />}
    </>
  );
}
