import { useToast } from './toast.tsx';

/** Copies a text to the clipboard. */
export function CopyButton({ label, text }: { readonly label: string; readonly text: () => string }) {
  const say = useToast();
  return (
    <button
      type="button"
      onClick={() => {
        navigator.clipboard.writeText(text()).then(
          () => say('Copied'),
          () => say('The browser refused to copy; select the text instead'),
        );
      }}
    >
      {label}
    </button>
  );
}
