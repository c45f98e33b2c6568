import { useQuery } from '@tanstack/react-query';
import {
  CircleAlert,
  Eye,
  EyeOff,
  LoaderCircle,
  Lock,
  MonitorSmartphone,
  Timer,
} from 'lucide-react';
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Link, Navigate, useLocation } from 'react-router';
import * as api from '@/data/api';
import { ApiError } from '@/data/problems';
import { beginSession } from '@/data/session';
import { useSession } from '@/data/use-session';
import { useMarkets } from '@/features/trade/use-markets';
import { CoinArt } from '@/ui/Brand';
import { emailProblem, PASSWORD_MIN, passwordProblem } from './validate';

type Mode = 'login' | 'register';

interface Problems {
  readonly email: string | null;
  readonly password: string | null;
  readonly form: string | null;
}

const NO_PROBLEMS: Problems = { email: null, password: null, form: null };

const WORDS = {
  login: {
    title: 'Log in',
    button: 'Continue',
    busy: 'Checking',
    asks: 'New here?',
    other: 'Open an account',
    to: '/register',
    autoComplete: 'current-password',
  },
  register: {
    title: 'Open an account',
    button: 'Open account',
    busy: 'Opening',
    asks: 'Have an account?',
    other: 'Log in',
    to: '/login',
    autoComplete: 'new-password',
  },
} as const;

interface Props {
  readonly mode: Mode;
  readonly top: ReactNode;
}

export function AuthPage({ mode, top }: Props) {
  const session = useSession();
  const location = useLocation();
  const target = returnPath(location.state);
  useEffect(() => {
    document.title = `${WORDS[mode].title} · Bezant`;
  }, [mode]);
  if (session.state === 'in') return <Navigate to={target} replace />;
  return (
    <div className="auth-page contents">
      {top}
      <main className="auth">
        <section className="lf">
          <AuthForm mode={mode} target={target} notice={session.notice} />
        </section>
        <Aside />
      </main>
      <SystemBar />
    </div>
  );
}

interface FormProps {
  readonly mode: Mode;
  readonly target: string;
  readonly notice: string | null;
}

function AuthForm({ mode, target, notice }: FormProps) {
  const words = WORDS[mode];
  const place = useMarketName(target);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [problems, setProblems] = useState(NO_PROBLEMS);
  const [isBusy, setIsBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  function report(found: Problems) {
    setProblems(found);
    const field = found.email !== null ? 'email' : found.password !== null ? 'password' : null;
    if (field !== null) form.current?.querySelector<HTMLElement>(`[name=${field}]`)?.focus();
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    const found = {
      email: emailProblem(email),
      password: passwordProblem(password, mode === 'register'),
      form: null,
    };
    report(found);
    if (found.email !== null || found.password !== null) return;
    setIsBusy(true);
    try {
      const credentials = { email: email.trim(), password };
      if (mode === 'register') await api.register(credentials);
      beginSession(credentials.email, await api.login(credentials));
    } catch (thrown) {
      report(problemsOf(ApiError.from(thrown)));
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <form ref={form} noValidate aria-labelledby="auth-title" onSubmit={submit}>
      <h1 id="auth-title">{words.title}</h1>
      <p className="t2">{notice ?? `You will return to ${place}.`}</p>
      <TextField
        label="Email"
        name="email"
        type="email"
        autoComplete="username"
        value={email}
        change={setEmail}
        problem={problems.email}
      />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete={words.autoComplete}
        value={password}
        change={setPassword}
        problem={problems.password}
        hint={mode === 'register' ? `At least ${PASSWORD_MIN} characters.` : null}
      />
      {problems.form !== null && <Message text={problems.form} />}
      <button
        type="submit"
        className="btn pri xl w"
        aria-disabled={isBusy}
        data-testid="auth-submit"
      >
        {isBusy && <LoaderCircle className="i spin" aria-hidden="true" />}
        {isBusy ? words.busy : words.button}
      </button>
      <p className="t2 sm">
        {words.asks}{' '}
        <Link className="link" to={words.to} state={{ from: target }}>
          {words.other}
        </Link>
      </p>
    </form>
  );
}

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly type: 'email' | 'password';
  readonly autoComplete: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly problem: string | null;
  readonly hint?: string | null;
}

function TextField({ label, name, type, autoComplete, value, change, problem, hint }: FieldProps) {
  const id = useId();
  const [isShown, setIsShown] = useState(false);
  const Icon = isShown ? EyeOff : Eye;
  return (
    <div>
      <label className="fl" htmlFor={id}>
        {label}
      </label>
      <div className={`f tall ${problem === null ? '' : 'is-bad'}`}>
        <input
          id={id}
          name={name}
          type={isShown ? 'text' : type}
          autoComplete={autoComplete}
          autoCapitalize="none"
          spellCheck={false}
          value={value}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-message`}
          onChange={(event) => change(event.target.value)}
        />
        {type === 'password' && (
          <button
            type="button"
            className="ib"
            style={{ marginRight: 6 }}
            aria-label={isShown ? 'Hide password' : 'Show password'}
            onClick={() => setIsShown(!isShown)}
          >
            <Icon className="i" />
          </button>
        )}
      </div>
      <div id={`${id}-message`}>
        {problem !== null && <Message text={problem} />}
        {problem === null && hint && <p className="msg">{hint}</p>}
      </div>
    </div>
  );
}

function Message({ text }: { readonly text: string }) {
  return (
    <p className="msg bad" role="alert">
      <CircleAlert className="i" aria-hidden="true" />
      <span>{text}</span>
    </p>
  );
}

function Aside() {
  return (
    <aside className="aside">
      <div>
        <CoinArt />
        <div>
          <h2 style={{ marginBottom: 4 }}>Check where you are</h2>
          <p className="t2">
            The address bar must read exactly this. We never ask for a password by phone, chat or
            mail.
          </p>
        </div>
        <span className="urlb">
          <Lock className="i i14 ok" aria-hidden="true" />
          {globalThis.location.host}
        </span>
        <ul>
          <li>
            <MonitorSmartphone className="i" aria-hidden="true" />
            <span>
              <b>Kept in this tab only</b>
              Your login is not written to this device. A reload asks for it again.
            </span>
          </li>
          <li>
            <Timer className="i" aria-hidden="true" />
            <span>
              <b>15 minutes</b>
              After that the login ends by itself. Your open orders stay.
            </span>
          </li>
        </ul>
      </div>
    </aside>
  );
}

/** How the exchange is, in one line at the foot. */
function SystemBar() {
  const health = useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => api.getHealth(signal),
    refetchInterval: 15_000,
    retry: false,
  });
  const isDown = health.isError;
  const isDegraded = health.data?.status === 'degraded';
  const lamp = isDown ? 'off' : isDegraded || health.isPending ? 'wait' : '';
  const text = isDown
    ? 'The exchange cannot be reached'
    : health.isPending
      ? 'Asking the exchange'
      : isDegraded
        ? 'A part of the exchange is away'
        : 'All systems run';
  return (
    <footer className="stat">
      <span className={`lamp t2 ${lamp}`}>{text}</span>
      <span className="grow" />
      <span>{__COMMIT__}</span>
    </footer>
  );
}

function problemsOf(error: ApiError): Problems {
  const email = error.forField('email');
  const password = error.forField('password');
  if (email !== null || password !== null) return { email, password, form: null };
  switch (error.code) {
    case 'AUTH_001':
      return { ...NO_PROBLEMS, password: 'Email and password do not match an account.' };
    case 'AUTH_007':
      return { ...NO_PROBLEMS, email: error.message };
    default:
      return { ...NO_PROBLEMS, form: error.message };
  }
}

/** Return where to go after the login: only ever a path of this app. */
function returnPath(state: unknown): string {
  const from = (state as { from?: unknown } | null)?.from;
  return typeof from === 'string' && /^\/trade\/[A-Z0-9]+$/.test(from) ? from : '/trade/BTCUSDT';
}

/** Return what people call the market at a path: BTC/USDT. */
function useMarketName(path: string): string {
  const symbol = path.replace('/trade/', '');
  const markets = useMarkets();
  const all = markets.state === 'ready' ? markets.value : [];
  const market = all.find((each) => each.symbol === symbol);
  return market === undefined ? symbol : `${market.base}/${market.quote}`;
}
