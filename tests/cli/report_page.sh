#!/bin/sh
# report_page.sh ASX SOURCE_FOLDER: the pages of a campaign of one format for all layers and of one for
# each, and of bespoke classifiers, as a browser shows them.
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
"$1" bespoke train --evaluations 1500 --set 'population=60 children=20 epochs=10 restarts=1' --db "$folder/bespoke.db" >/dev/null 2>&1
"$1" merge "$folder/network.db" "$folder/bespoke.db" >/dev/null 2>&1 # the page of a campaign with such a run
for kind in bespoke network; do
  python3 "$2/tests/cli/report_bespoke.py" "$1" "$folder/$kind.db" "$folder"
done
