import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Check, ChevronDown, CircleAlert, LoaderCircle } from 'lucide-react';
import { useId, useState } from 'react';
import * as api from '@/data/api';
import { fromQuery } from '@/data/loadable';
import { ApiError } from '@/data/problems';
import type { Prevention } from '@/data/types';
import { Dialog } from '@/ui/Dialog';
import { Failed } from '@/ui/states';
import { PREVENTION_WORD, PREVENTIONS } from './words';

const KEY = ['account-settings'];

interface Props {
  readonly email: string;
  readonly close: () => void;
}

/** What the account goes by where an order does not say; a choice is sent at once. */
export default function SettingsDialog({ email, close }: Props) {
  const query = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api.getAccountSettings(signal),
    staleTime: 0,
    gcTime: 0, // Another user may log in here.
  });
  const settings = fromQuery(query);
  return (
    <Dialog
      title="Account"
      close={close}
      footer={
        <button type="button" className="btn line" onClick={close}>
          Close
        </button>
      }
    >
      <p className="break-all">{email}</p>
      {settings.state === 'failed' ? (
        <Failed title="The settings did not load" error={settings.error} retry={settings.retry} />
      ) : (
        <PreventionField
          chosen={settings.state === 'ready' ? settings.value.selfTradePrevention : null}
        />
      )}
    </Dialog>
  );
}

type Sent =
  | { readonly state: 'idle' | 'saved' }
  | { readonly state: 'saving'; readonly wanted: Prevention }
  | { readonly state: 'failed'; readonly error: ApiError };

function PreventionField({ chosen }: { readonly chosen: Prevention | null }) {
  const queries = useQueryClient();
  const [sent, setSent] = useState<Sent>({ state: 'idle' });
  const id = useId();
  const shown = sent.state === 'saving' ? sent.wanted : chosen;

  async function choose(wanted: Prevention) {
    setSent({ state: 'saving', wanted });
    try {
      queries.setQueryData(KEY, await api.setSelfTradePrevention(wanted));
      setSent({ state: 'saved' });
    } catch (thrown) {
      setSent({ state: 'failed', error: ApiError.from(thrown) });
      queries.invalidateQueries({ queryKey: KEY }); // It may be done all the same.
    }
  }

  return (
    <div className="mt-4">
      <label className="fl" htmlFor={id}>
        When an order would meet one of your own
      </label>
      <span className={`f tall ${shown === null ? 'is-off' : ''}`}>
        <select
          id={id}
          className="fsel"
          data-testid="settings-prevention"
          value={shown ?? ''}
          disabled={shown === null || sent.state === 'saving'}
          onChange={(event) => choose(event.target.value as Prevention)}
        >
          {shown === null && <option value="">Loading</option>}
          {PREVENTIONS.map((mode) => (
            <option key={mode} value={mode}>
              {PREVENTION_WORD[mode].title}
            </option>
          ))}
        </select>
        <ChevronDown className="i i14 fsel-i" aria-hidden="true" />
      </span>
      {shown !== null && <p className="mt-2">{PREVENTION_WORD[shown].text}</p>}
      <SentLine sent={sent} />
    </div>
  );
}

/** What became of the choice; before one, for which orders it would count. */
function SentLine({ sent }: { readonly sent: Sent }) {
  switch (sent.state) {
    case 'failed':
      return (
        <p className="msg bad" role="alert">
          <CircleAlert className="i" aria-hidden="true" />
          {sent.error.message}
        </p>
      );
    case 'saving':
      return (
        <p className="msg" role="status">
          <LoaderCircle className="i spin" aria-hidden="true" />
          Saving
        </p>
      );
    case 'saved':
      return (
        <p className="msg ok" role="status">
          <Check className="i" aria-hidden="true" />
          Saved. It counts from your next order on.
        </p>
      );
    case 'idle':
      return <p className="msg">Open orders keep what they were placed with.</p>;
  }
}
