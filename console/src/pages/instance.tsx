import { Link } from 'wouter';
import { useFilters } from '../ui/filters.ts';
import { Page } from '../ui/panel.tsx';
import { Channels, Tags } from './instance-definitions.tsx';
import { InstanceFields } from './instance-fields.tsx';
import { InstanceFile } from './instance-file.tsx';

const tabs = [
  { name: 'fields', title: 'Fields' },
  { name: 'tags', title: 'Tags' },
  { name: 'channels', title: 'Channels' },
  { name: 'file', title: 'File' },
] as const;

/** The definitions and objects that clients of the API refer to and cannot create. */
export function InstancePage() {
  const filters = useFilters();
  const tab = tabs.find(({ name }) => name === filters.get('tab')) ?? tabs[0];
  return (
    <Page
      title="Instance"
      actions={
        <nav className="segments" aria-label="Parts of the instance">
          {tabs.map(({ name, title }) => (
            <Link
              key={name}
              href={`/instance?tab=${name}`}
              aria-current={name === tab.name ? 'page' : undefined}
            >
              {title}
            </Link>
          ))}
        </nav>
      }
    >
      <p className="muted">
        SOAP clients refer to these and cannot create them. Programs, leads and companies are under{' '}
        <Link href="/objects/Program">Programs</Link>, <Link href="/objects/Lead">Leads</Link> and{' '}
        <Link href="/objects/Company">Companies</Link>.
      </p>
      {tab.name === 'fields' && <InstanceFields />}
      {tab.name === 'tags' && <Tags />}
      {tab.name === 'channels' && <Channels />}
      {tab.name === 'file' && <InstanceFile />}
    </Page>
  );
}
