import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { App, sessionKey } from './app.tsx';
import { ApiError } from './http.ts';
import './styles/index.css';
import { ToastProvider } from './ui/toast.tsx';

/** Shows the login page if the session has ended; it comes back to the same address. */
function onError(error: Error): void {
  if (error instanceof ApiError && error.status === 401) queries.setQueryData(sessionKey, null);
}

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 2000,
      retry: (count, error) => error instanceof ApiError && error.status === 0 && count < 3,
    },
  },
});

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Router base="/console">
          <ToastProvider>
            <App />
          </ToastProvider>
        </Router>
      </QueryClientProvider>
    </StrictMode>,
  );
}
