import { type FormEvent, useEffect, useState } from 'react';
import type { Session } from '../api.ts';
import { logIn } from '../http.ts';
import { Line } from '../ui/choice.tsx';
import { ErrorNote } from '../ui/states.tsx';

/** Returns the one-time code of `mktows open` in the address, and removes it from there and from the history. */
function takeCode(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  if (code !== null) history.replaceState(null, '', location.pathname + location.search);
  return code;
}

let code = takeCode();

/** Asks for the admin token. */
export function LoginPage({ onLoggedIn }: { readonly onLoggedIn: (session: Session) => void }) {
  const [token, setToken] = useState('');
  const [error, setError] = useState<Error>();
  const [isSending, setSending] = useState(false);

  function begin(proof: Parameters<typeof logIn>[0]): void {
    setSending(true);
    setError(undefined);
    logIn(proof)
      .then(onLoggedIn, setError)
      .finally(() => setSending(false));
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: a code can be used once
  useEffect(() => {
    if (code === null) return;
    begin({ code });
    code = null;
  }, []);

  return (
    <main className="login">
      <title>Log in · mktows</title>
      <div className="brand">
        <img src="/console/icon.svg" alt="" />
        mktows
      </div>
      <h1>Log in</h1>
      <p className="muted">
        Run <code>mktows open</code> on the server's machine, or paste the admin token. The server keeps it in
        a file beside the database, with <code>.admin-token</code> added to its name.
      </p>
      <form
        className="dialog-body"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          begin({ token: token.trim() });
        }}
      >
        <Line label="Admin token" type="password" value={token} onChange={setToken} required autoFocus />
        <div className="actions">
          <button type="submit" className="primary" disabled={isSending}>
            Log in
          </button>
        </div>
      </form>
      {error && <ErrorNote error={error} />}
    </main>
  );
}
