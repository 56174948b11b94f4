#!/bin/sh
# The archives of the functions, from the handlers of ../orders: Python with its dependencies, TypeScript bundled.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$here/build" && mkdir "$here/build"

for source in "$here"/../orders/functions/*/; do
  name=$(basename "$source")
  cp -r "$source" "$here/build/$name"
  if [ -f "$source/requirements.txt" ]; then
    pip install --quiet --target "$here/build/$name" --requirement "$source/requirements.txt"
  fi
  (cd "$here/build/$name" && zip -qr "../$name.zip" .)
done

for name in authorizer fulfilment-worker carrier-webhook order-stream notify; do
  npx esbuild "$here/../orders/ts/src/$name.ts" --bundle --platform=node --target=es2022 --outfile="$here/build/$name.js"
  (cd "$here/build" && zip -q "$name.zip" "$name.js")
done
