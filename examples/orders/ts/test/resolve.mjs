export async function resolve(specifier, context, next) {
  const compiled = context.parentURL?.includes("/.compiled/");
  const suffix = compiled ? ".js" : ".ts";
  if (specifier.startsWith("@aws-sdk/")) {
    const stub = compiled ? "../.compiled/test/stubs/aws-sdk.js" : "./stubs/aws-sdk.ts";
    return next(new URL(stub, import.meta.url).href, context);
  }
  if (specifier.startsWith(".") && !/\.(m?js|ts|json)$/.test(specifier)) {
    return next(specifier + suffix, context);
  }
  return next(specifier, context);
}
