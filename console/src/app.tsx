import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Redirect, Route, Switch } from 'wouter';
import type { Session } from './api.ts';
import { ApiError, readSession } from './http.ts';
import { CallPage } from './pages/call.tsx';
import { CallsPage } from './pages/calls.tsx';
import { ChaosPage } from './pages/chaos.tsx';
import { InstancePage } from './pages/instance.tsx';
import { LoginPage } from './pages/login.tsx';
import { ObjectPage } from './pages/object.tsx';
import { ObjectListPage } from './pages/object-list.tsx';
import { ObjectsPage } from './pages/objects.tsx';
import { OverviewPage } from './pages/overview.tsx';
import { RefusedPage } from './pages/refused.tsx';
import { SettingsPage } from './pages/settings.tsx';
import { SnapshotsPage } from './pages/snapshots.tsx';
import { TryPage } from './pages/try.tsx';
import { UsersPage } from './pages/users.tsx';
import { Shell } from './shell.tsx';
import { Page } from './ui/panel.tsx';
import { Empty, ErrorNote } from './ui/states.tsx';

export const sessionKey = ['session'] as const;

/** Returns the session of the cookie; null: nobody is logged in. */
async function sessionOrNone(): Promise<Session | null> {
  try {
    return await readSession();
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

/** All pages, behind the login. */
export function App() {
  const queries = useQueryClient();
  const session = useQuery({ queryKey: sessionKey, queryFn: sessionOrNone, staleTime: Infinity });
  const set = (value: Session | null) => queries.setQueryData(sessionKey, value);
  if (session.error && session.data === undefined) {
    return (
      <main className="login">
        <ErrorNote error={session.error} retry={() => void session.refetch()} />
      </main>
    );
  }
  if (session.data === undefined) return null;
  if (session.data === null) return <LoginPage onLoggedIn={set} />;
  return (
    <Shell
      onLoggedOut={() => {
        set(null);
        queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
      }}
    >
      <Switch>
        <Route path="/" component={OverviewPage} />
        <Route path="/login">
          <Redirect to="/" replace />
        </Route>
        <Route path="/calls" component={CallsPage} />
        <Route path="/calls/refused" component={RefusedPage} />
        <Route path="/calls/:number">{({ number }) => <CallPage key={number} number={number} />}</Route>
        <Route path="/objects" component={ObjectsPage} />
        <Route path="/objects/:type">{({ type }) => <ObjectListPage key={type} type={type} />}</Route>
        <Route path="/objects/:type/:id">
          {({ type, id }) => <ObjectPage key={`${type}/${id}`} type={type} id={id} />}
        </Route>
        <Route path="/try" component={TryPage} />
        <Route path="/instance" component={InstancePage} />
        <Route path="/users" component={UsersPage} />
        <Route path="/settings" component={SettingsPage} />
        <Route path="/snapshots" component={SnapshotsPage} />
        <Route path="/chaos" component={ChaosPage} />
        <Route>
          <Page title="Nothing here">
            <Empty title="No page has this address.">
              Choose one from the menu, or go to the <Link href="/">overview</Link>.
            </Empty>
          </Page>
        </Route>
      </Switch>
    </Shell>
  );
}
