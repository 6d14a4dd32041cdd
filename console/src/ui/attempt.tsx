import { Link } from 'wouter';
import type { Attempt } from '../api.ts';
import { FaultChip } from './chip.tsx';
import { Panel } from './panel.tsx';
import { RowResults } from './row-results.tsx';
import { Text } from './text.tsx';
import { XmlView } from './xml-view.tsx';

/** The outcome of a dry run, or of a call that was sent. */
export function AttemptView({ attempt, isDry }: { readonly attempt: Attempt; readonly isDry: boolean }) {
  const { fault, rowResults, request, answer, number } = attempt;
  return (
    <div className="dialog-body">
      <div className={isDry ? 'note' : 'note note-created'} role="status">
        <strong>
          {isDry ? 'Dry run: nothing was written.' : 'The call was sent.'}{' '}
          {!isDry && number !== null && <Link href={`/calls/${number}`}>Call #{number}</Link>}
        </strong>
      </div>
      {fault && (
        <div className="note note-failed">
          <FaultChip code={fault.code} />
          <Text value={fault.text ?? ''} most={2000} />
        </div>
      )}
      {rowResults.length > 0 && (
        <Panel title={isDry ? 'What would become of the rows' : 'What became of the rows'} bare>
          <RowResults rows={rowResults} />
        </Panel>
      )}
      <details>
        <summary>Request and answer</summary>
        <XmlView xml={request} label="Request" />
        <XmlView xml={answer} label="Answer" />
      </details>
    </div>
  );
}
