#!/bin/sh
# report_page.sh ASX SOURCE_FOLDER: the pages of a campaign of one format for all layers and of one for
# each, as a browser shows them.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" run "$2/tests/cli/tiny.yaml" --db "$folder/network.db" >/dev/null 2>&1
sed 's/scope: network/scope: layer/; s/enumerate, tier: measured/exact, tier: proxy/' \
  "$2/tests/cli/tiny.yaml" >"$folder/layer.yaml"
"$1" run "$folder/layer.yaml" --db "$folder/layer.db" >/dev/null 2>&1
for scope in network layer; do
  python3 "$2/tests/cli/report_page.py" "$1" "$folder/$scope.db" "$folder"
done
