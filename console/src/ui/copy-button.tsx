import { useToast } from './toast.tsx';

/** Rejects also where there is no clipboard: browsers give it to HTTPS and localhost only. */
const copy = async (text: string) => navigator.clipboard.writeText(text);

/** Copies a text to the clipboard. */
export function CopyButton({ label, text }: { readonly label: string; readonly text: () => string }) {
  const say = useToast();
  return (
    <button
      type="button"
      onClick={() => {
        copy(text()).then(
          () => say('Copied'),
          () => say('The browser refused to copy; select the text instead'),
        );
      }}
    >
      {label}
    </button>
  );
}
