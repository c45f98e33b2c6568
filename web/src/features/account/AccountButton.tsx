import { lazy, Suspense, useState } from 'react';

const SettingsDialog = lazy(() => import('./SettingsDialog'));

/** Who is logged in; opens the account's settings. */
export function AccountButton({ email }: { readonly email: string }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="ib"
        title={email}
        data-testid="account-open"
        onClick={() => setIsOpen(true)}
      >
        <span className="ava" role="img" aria-label={`Account of ${email}`}>
          {email.slice(0, 2).toUpperCase()}
        </span>
      </button>
      {isOpen && (
        <Suspense>
          <SettingsDialog email={email} close={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
