declare const __VERSION__: string;
declare const __COMMIT__: string;

interface Window {
  /** What a reviewer may read of a build. */
  __ui?: { readonly version: string; readonly commit: string };
}
