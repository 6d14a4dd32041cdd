import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from 'react';
import { Text } from './text.tsx';

const SHOWN = 5000;
const Context = createContext<(text: string) => void>(() => {});

/** Returns how to say something in passing. Screen readers read it, too. */
export const useToast = () => useContext(Context);

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [text, setText] = useState('');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const say = useCallback((said: string) => {
    clearTimeout(timer.current);
    setText(said);
    timer.current = setTimeout(() => setText(''), SHOWN);
  }, []);
  return (
    <Context value={say}>
      {children}
      <div role="status" aria-live="polite">
        {text !== '' && (
          <div className="toast">
            <Text value={text} most={600} />
          </div>
        )}
      </div>
    </Context>
  );
}
