import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Setting } from '../api.ts';
import { bodiesToKeep, logLevels } from '../choices.ts';
import { get, send } from '../http.ts';
import { Choice } from '../ui/choice.tsx';
import { useFilters } from '../ui/filters.ts';
import { Page, Panel } from '../ui/panel.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { Loaded } from '../ui/states.tsx';
import { Table } from '../ui/table.tsx';
import { Text, textOf } from '../ui/text.tsx';
import { useToast } from '../ui/toast.tsx';

/** The settings that can change while the server runs: option → name in the request, and choices. */
const changeable = {
  'journal-bodies': {
    name: 'journalBodies',
    label: 'Keep requests and answers of calls',
    options: bodiesToKeep,
  },
  'log-level': {
    name: 'logLevel',
    label: 'Log level',
    options: logLevels,
  },
} as const;

const nameOf = ({ option }: Setting) => option.replace(/^--/, '');

/** The options of the server, and those that can change while it runs. */
export function SettingsPage() {
  const query = useQuery({
    queryKey: ['settings'],
    queryFn: ({ signal }) => get<{ items: readonly Setting[] }>('/settings', {}, signal),
  });
  return (
    <Page title="Settings">
      <Loaded query={query}>
        {({ items }) => (
          <>
            <Changeable items={items} />
            <List items={items} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Changeable({ items }: { readonly items: readonly Setting[] }) {
  const queries = useQueryClient();
  const say = useToast();
  const change = useMutation({
    mutationFn: (body: Record<string, string>) => send('PATCH', '/settings', body),
    async onSuccess() {
      say('Changed, until the server starts again');
      await queries.invalidateQueries({ queryKey: ['settings'] });
    },
    onError: (error) => say(error.message),
  });
  return (
    <Panel title="Change while it runs">
      <div className="filters">
        {Object.entries(changeable).map(([option, { name, label, options }]) => {
          const setting = items.find((item) => nameOf(item) === option);
          return (
            setting?.changeable && (
              <Choice
                key={option}
                label={label}
                options={options}
                value={textOf(setting.value)}
                onChange={(value) => change.mutate({ [name]: value })}
              />
            )
          );
        })}
      </div>
      <p className="muted small">
        A restart brings back the options of the command line, the environment and the config file.
      </p>
    </Panel>
  );
}

function List({ items }: { readonly items: readonly Setting[] }) {
  const filters = useFilters();
  const text = filters.get('text').toLowerCase();
  const shown = items.filter(({ option, description }) =>
    `${option} ${description}`.toLowerCase().includes(text),
  );
  return (
    <>
      <div className="filters">
        <SearchBox
          label="Filter"
          value={filters.get('text')}
          onChange={(value) => filters.set('text', value)}
        />
      </div>
      <Panel title={`${shown.length} options`} bare>
        <Table
          label="Options"
          items={shown}
          keyOf={({ option }) => option}
          columns={[
            { title: 'Option', cell: (item) => <code className="nowrap">--{nameOf(item)}</code> },
            {
              title: 'Value',
              cell: ({ value }) =>
                value === null || value === undefined ? (
                  <span className="muted">not set</span>
                ) : (
                  <Text value={textOf(value)} />
                ),
            },
            {
              title: 'From',
              cell: ({ from }) => <span className={from === 'default' ? 'muted' : ''}>{from}</span>,
            },
            { title: 'Meaning', cell: ({ description }) => <span className="muted">{description}</span> },
          ]}
        />
      </Panel>
    </>
  );
}
