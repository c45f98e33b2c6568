import { CircleAlert, type LucideIcon } from 'lucide-react';
import { Component, type ReactNode } from 'react';

interface BlankProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text?: string;
  readonly children?: ReactNode;
}

/** What would be here, and one thing to do. */
export function Blank({ icon: Icon, title, text, children }: BlankProps) {
  return (
    <div className="blank">
      <Icon className="i" aria-hidden="true" />
      <h3>{title}</h3>
      {text !== undefined && <p>{text}</p>}
      {children}
    </div>
  );
}

interface FailedProps {
  readonly title: string;
  readonly error: { readonly message: string; readonly traceId: string };
  readonly retry: () => void;
}

/** What failed, why, under which number, and the way to try again; only this panel. */
export function Failed({ title, error, retry }: FailedProps) {
  return (
    <div className="blank" role="alert">
      <CircleAlert className="i" aria-hidden="true" />
      <h3>{title}</h3>
      <p>{error.message}</p>
      {error.traceId !== '' && <p className="mono t3">req {error.traceId}</p>}
      <button type="button" className="btn s" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

/** Rows of a table that is on its way, of their final height. */
export function SkeletonRows({
  rows,
  columns,
}: {
  readonly rows: number;
  readonly columns: number;
}) {
  return (
    <tbody aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <tr key={`row-${row + 1}`}>
          {Array.from({ length: columns }, (_, column) => (
            <td key={`cell-${column + 1}`}>
              <span className="sk" style={{ width: `${40 + ((row * 7 + column * 13) % 40)}%` }} />
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

interface BoundaryState {
  readonly error: Error | null;
}

interface BoundaryProps {
  readonly name: string;
  /** The class of the place that the panel has in the grid. */
  readonly area: string;
  readonly children: ReactNode;
}

/** Keeps one panel's crash from taking the others along. */
export class PanelBoundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { error: null };

  static getDerivedStateFromError(error: Error): BoundaryState {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <section className={this.props.area}>
        <Failed
          title={`${this.props.name} stopped`}
          error={{ message: error.message, traceId: '' }}
          retry={() => this.setState({ error: null })}
        />
      </section>
    );
  }
}
