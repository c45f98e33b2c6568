import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { BrowserRouter, Navigate, Route, Routes } from 'react-router';
import { ApiError } from '@/data/problems';
import { AccountProvider } from '@/features/account/AccountProvider';
import { AuthPage } from '@/features/auth/AuthPage';
import { Toasts } from '@/ui/Toasts';
import { NotFound } from './NotFound';
import { TopBar } from './TopBar';

const TradePage = lazy(() => import('@/features/trade/TradePage'));
const FIRST_MARKET = 'BTCUSDT';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      // What was refused stays refused; what was not reached may be there a moment later.
      retry: (count, error) => count < 2 && isPassing(ApiError.from(error)),
    },
  },
});

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <BrowserRouter>
        <AccountProvider>
          <Routes>
            <Route path="/" element={<Navigate to={`/trade/${FIRST_MARKET}`} replace />} />
            <Route path="/trade" element={<Navigate to={`/trade/${FIRST_MARKET}`} replace />} />
            <Route
              path="/trade/:symbol"
              element={
                <Suspense fallback={<TradeFallback />}>
                  <TradePage top={<TopBar />} />
                </Suspense>
              }
            />
            <Route path="/login" element={<AuthPage key="login" mode="login" top={<TopBar />} />} />
            <Route
              path="/register"
              element={<AuthPage key="register" mode="register" top={<TopBar />} />}
            />
            <Route path="*" element={<NotFound />} />
          </Routes>
          <Toasts />
        </AccountProvider>
      </BrowserRouter>
    </QueryClientProvider>
  );
}

function isPassing(error: ApiError): boolean {
  return error.kind === 'unreachable' || error.status >= 500;
}

/** The frame of the trade screen in its final size, while its code is on the way. */
function TradeFallback() {
  return (
    <div className="trade" aria-busy="true">
      <TopBar />
      <main className="tg">
        <section className="a-head" />
        <section className="a-chart" />
        <section className="a-book" />
        <section className="a-form" />
        <section className="a-orders" />
        <section className="a-tape" />
        <section className="a-bal" />
      </main>
      <footer className="stat" />
    </div>
  );
}
