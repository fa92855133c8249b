/** Lets a `<style>` of this page pass its Content-Security-Policy. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

// react-remove-scroll, which keeps a page still behind a dialog, writes a `<style>` too and takes its nonce from here
Object.assign(globalThis, { __webpack_nonce__: nonce });
