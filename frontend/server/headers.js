// What every answer of the portal says about itself to the browser.

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "font-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types portal",
];

const HEADERS = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  // a window in which somebody signs in anew must be able to be closed by the page that opened it
  "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
  "Cross-Origin-Resource-Policy": "same-origin",
  // pictures are taken with the camera, where a designer asks for it
  "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
};

/**
 * @param {import("node:http").IncomingMessage} request
 * @returns {Record<string, string>}
 */
export function securityHeaders(request) {
  const secure = request.headers["x-forwarded-proto"] === "https";
  const policy = secure ? [...POLICY, "upgrade-insecure-requests"] : POLICY;
  return {
    ...HEADERS,
    "Content-Security-Policy": policy.join("; "),
    ...(secure ? { "Strict-Transport-Security": "max-age=31536000" } : {}),
  };
}
