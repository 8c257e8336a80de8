#!/bin/sh
# kill.sh FOLDER_OF_ASX SOURCE_FOLDER: a campaign that is killed at several moments and started again ends
# as if nothing had happened and evaluates nothing twice; Ctrl-C ends it in good order.
set -u
PATH=$1:$2/tests/cli:$PATH
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2
failures=0

sed 's/^name: tiny/name: killed/; s/"none {1} {1,3}"/"none max 2"/; s/\[4, 8\]/[4, 6, 8]/; s/\[vn, near\]/[vn]/' \
  "$2/tests/cli/tiny.yaml" >killed.yaml

fail() {
  echo "failed: $*"
  failures=$((failures + 1))
}

count() { # evaluations on the search's images; 0 while there is no database yet
  n=$(sqlite3 -cmd '.timeout 2000' "$1" \
    "SELECT count(*) FROM evaluation JOIN inputs ON inputs.id = inputs WHERE subset = 'select'" \
    2>/dev/null)
  echo "${n:-0}"
}

run_until() { # run_until DB N SIGNAL: starts a run, signals it once N evaluations are booked
  asx run killed.yaml --db "$1" --threads 2 >out 2>err &
  pid=$!
  while [ "$(count "$1")" -lt "$2" ] && kill -0 $pid 2>/dev/null; do :; done
  kill -"$3" $pid 2>/dev/null || fail "the run ended before $2 evaluations: $(cat err)"
  wait $pid 2>/dev/null
}

check_sound() { # check_sound DB WHEN
  [ "$(sqlite3 "$1" 'PRAGMA integrity_check')" = ok ] || fail "$2: the database is damaged"
  twice=$(sqlite3 "$1" 'SELECT count(*) - count(DISTINCT design || " " || inputs) FROM evaluation')
  [ "$twice" = 0 ] || fail "$2: $twice evaluations stand twice"
}

# the same without disturbance
asx run killed.yaml --db calm.db >calm.txt 2>err || fail "undisturbed: $(cat err)"
total=$(sed -n 's/ designs in the space.*//p' err)
[ "$(count calm.db)" = "$total" ] || fail "undisturbed: $(count calm.db) of $total designs"
rows calm.db >calm.rows

known=0
for moment in 0 1 9 30 $((total / 2)) $((total * 3 / 4)); do
  [ "$moment" -gt "$known" ] || [ "$moment" = 0 ] || moment=$((known + 1))
  run_until killed.db "$moment" KILL
  now=$(count killed.db)
  [ "$now" = 0 ] || check_sound killed.db "killed at $moment"
  [ "$now" -ge "$known" ] && [ "$now" -ge "$moment" ] ||
    fail "killed at $moment: $now evaluations, $known before"
  known=$now
done
[ "$known" -lt "$total" ] || fail "every kill came too late"
asx run killed.yaml --db killed.db >killed.txt 2>err || fail "after the kills: $(cat err)"
grep -q "^$total designs in the space; $((total - known)) evaluated, $known known before;" err ||
  fail "after the kills: $known of $total were known, but: $(cat err)"
check_sound killed.db "after the kills"
rows killed.db >killed.rows
cmp -s calm.rows killed.rows || fail "the kills changed the results"
cmp -s calm.txt killed.txt || fail "the kills changed the front"

# Ctrl-C: what runs is finished and stored, and the way to go on is told
run_until stopped.db 5 INT
code=$?
[ $code = 0 ] || fail "interrupted: exit code $code"
grep -q 'run the same command to go on' err || fail "interrupted: $(cat err)"
head -1 out | grep -q '^energy_pj ' || fail "interrupted: no front so far"
check_sound stopped.db "interrupted"
known=$(count stopped.db)
[ "$known" -lt "$total" ] || fail "the interruption came too late"
[ "$(sqlite3 stopped.db 'SELECT reason FROM run')" = interrupted ] || fail "interrupted: not booked"
asx run killed.yaml --db stopped.db >stopped.txt 2>err || fail "after the interruption: $(cat err)"
grep -q "; $((total - known)) evaluated, $known known before;" err ||
  fail "after the interruption: $known of $total were known, but: $(cat err)"
rows stopped.db | cmp -s calm.rows - || fail "the interruption changed the results"

[ $failures = 0 ]
