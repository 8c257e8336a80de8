-- Adds one database, attached as `other`, to `main`. Run statement by statement by merge.c, which fills design_map
-- before (ids there to ids here) and looks for conflicts at the line of dashes.

CREATE TEMP TABLE start AS SELECT (SELECT coalesce(max(id), 0) FROM main.evaluation) AS evaluation,
    (SELECT coalesce(max(id), 0) FROM main.recalled) AS recalled;

INSERT INTO main.campaign (key, name, text, seed, objectives, limits, network, network_hash, data, data_hash,
    technology, technology_text, machine, baseline, version, created)
SELECT key, name, text, seed, objectives, limits, network, network_hash, data, data_hash,
    technology, technology_text, machine, baseline, version, created
FROM other.campaign WHERE key NOT IN (SELECT key FROM main.campaign) ORDER BY id;
CREATE TEMP TABLE campaign_map AS
SELECT o.id AS old, m.id AS new FROM other.campaign AS o JOIN main.campaign AS m ON m.key = o.key;

INSERT OR IGNORE INTO main.layer
SELECT c.new, l.position, l.name, l.kind, l.in_c, l.in_h, l.in_w, l.out_c, l.out_h, l.out_w, l.kernel_h, l.kernel_w,
    l.stride_h, l.stride_w, l."groups", l.input_non_negative
FROM other.layer AS l JOIN campaign_map AS c ON c.old = l.campaign;

INSERT INTO main.inputs (tier, subset, accuracy_key, cost_key, about)
SELECT tier, subset, accuracy_key, cost_key, about FROM other.inputs WHERE true ORDER BY id
ON CONFLICT DO NOTHING;
CREATE TEMP TABLE inputs_map AS
SELECT o.id AS old, m.id AS new FROM other.inputs AS o JOIN main.inputs AS m
ON m.accuracy_key = o.accuracy_key AND m.cost_key = o.cost_key AND m.tier = o.tier AND m.subset = o.subset;
----
INSERT INTO main.evaluation (design, inputs, campaign, images, correct, accuracy, accuracy_low, accuracy_high, "drop",
    drop_low, drop_high, energy_pj, latency_ns, cycles, area_um2, weight_bits)
SELECT d.new, i.new, c.new, e.images, e.correct, e.accuracy, e.accuracy_low, e.accuracy_high, e."drop",
    e.drop_low, e.drop_high, e.energy_pj, e.latency_ns, e.cycles, e.area_um2, e.weight_bits
FROM other.evaluation AS e CROSS JOIN design_map AS d ON d.old = e.design
JOIN inputs_map AS i ON i.old = e.inputs JOIN campaign_map AS c ON c.old = e.campaign WHERE true ORDER BY e.id
ON CONFLICT DO NOTHING;
CREATE TEMP TABLE evaluation_map (old INTEGER PRIMARY KEY, new INTEGER NOT NULL);
INSERT INTO evaluation_map
SELECT e.id, m.id FROM other.evaluation AS e CROSS JOIN design_map AS d ON d.old = e.design
JOIN inputs_map AS i ON i.old = e.inputs CROSS JOIN main.evaluation AS m ON m.inputs = i.new AND m.design = d.new
ORDER BY e.id;

INSERT INTO main.breakdown
SELECT v.new, b.multiply_pj, b.multiply_um2, b.precompute_pj, b.precompute_um2, b.select_pj, b.select_um2, b.shift_pj,
    b.shift_um2, b.add_pj, b.add_um2, b.accumulate_pj, b.accumulate_um2, b.decode_pj, b.decode_um2, b.weight_read_pj,
    b.weight_read_um2, b.activation_read_pj, b.activation_read_um2, b.activation_write_pj, b.activation_write_um2,
    b.partial_sum_pj, b.partial_sum_um2, b.wire_pj, b.wire_um2, b.off_chip_pj, b.off_chip_um2, b.leakage_pj,
    b.leakage_um2, b.scale_pj, b.scale_um2, b.residual_pj, b.residual_um2, NULL
FROM other.breakdown AS b CROSS JOIN evaluation_map AS v ON v.old = b.evaluation
WHERE v.new > (SELECT evaluation FROM start) ORDER BY v.new;

-- a campaign's evaluations that are another campaign's here, and those that it had recalled there
INSERT OR IGNORE INTO main.recalled (campaign, evaluation)
SELECT c.new, v.new FROM other.evaluation AS e CROSS JOIN evaluation_map AS v ON v.old = e.id
CROSS JOIN main.evaluation AS m ON m.id = v.new JOIN campaign_map AS c ON c.old = e.campaign
WHERE m.campaign <> c.new ORDER BY e.id;
INSERT OR IGNORE INTO main.recalled (campaign, evaluation)
SELECT c.new, v.new FROM other.recalled AS r CROSS JOIN evaluation_map AS v ON v.old = r.evaluation
CROSS JOIN main.evaluation AS m ON m.id = v.new JOIN campaign_map AS c ON c.old = r.campaign
WHERE m.campaign <> c.new ORDER BY r.id;

-- what is added comes behind what was there: fronts are looked for among it
INSERT OR IGNORE INTO main.booked (campaign, inputs, evaluation_upto, recalled_upto)
SELECT c.new, i.new, start.evaluation, start.recalled FROM other.booked AS b JOIN campaign_map AS c ON c.old = b.campaign
JOIN inputs_map AS i ON i.old = b.inputs CROSS JOIN start;

-- a run is the same if it began at the same moment, as the same process of the same processor
UPDATE main.run SET (stopped, reason, asked, evaluated, recalled, duplicates, front, elapsed_s) =
    (SELECT r.stopped, r.reason, r.asked, r.evaluated, r.recalled, r.duplicates, r.front, r.elapsed_s
     FROM other.run AS r JOIN campaign_map AS c ON c.old = r.campaign
     WHERE c.new = run.campaign AND r.started = run.started AND r.process = run.process
     AND r.processor = run.processor AND r.stopped IS NOT NULL)
WHERE stopped IS NULL AND EXISTS
    (SELECT 1 FROM other.run AS r JOIN campaign_map AS c ON c.old = r.campaign
     WHERE c.new = run.campaign AND r.started = run.started AND r.process = run.process
     AND r.processor = run.processor AND r.stopped IS NOT NULL);
INSERT INTO main.run (campaign, version, build, processor, threads, process, started, stopped, reason, asked, evaluated,
    recalled, duplicates, front, elapsed_s)
SELECT c.new, r.version, r.build, r.processor, r.threads, r.process, r.started, r.stopped, r.reason, r.asked,
    r.evaluated, r.recalled, r.duplicates, r.front, r.elapsed_s
FROM other.run AS r JOIN campaign_map AS c ON c.old = r.campaign
WHERE NOT EXISTS (SELECT 1 FROM main.run AS m WHERE m.campaign = c.new AND m.started = r.started
    AND m.process = r.process AND m.processor = r.processor) ORDER BY r.id;

INSERT OR IGNORE INTO main.moment
SELECT m.id, o.elapsed_s, o.stage, o.done, o.total, o.front, o.hypervolume, o.factor
FROM other.moment AS o JOIN other.run AS r ON r.id = o.run JOIN campaign_map AS c ON c.old = r.campaign
JOIN main.run AS m ON m.campaign = c.new AND m.started = r.started AND m.process = r.process
    AND m.processor = r.processor;

-- facts of campaigns: where both have one, what proves more, and the longer time
INSERT INTO main.certificate
SELECT c.new, o.factor, o.text FROM other.certificate AS o JOIN campaign_map AS c ON c.old = o.campaign WHERE true
ON CONFLICT (campaign) DO UPDATE SET factor = excluded.factor, text = excluded.text
WHERE excluded.factor < coalesce(factor, 9e999);
INSERT OR IGNORE INTO main.reference
SELECT c.new, o.position, o.objective, o.value
FROM other.reference AS o JOIN campaign_map AS c ON c.old = o.campaign;
INSERT OR IGNORE INTO main.float_network
SELECT c.new, o.subset, o.images, o.correct, o.accuracy, o.accuracy_low, o.accuracy_high, o.guessing
FROM other.float_network AS o JOIN campaign_map AS c ON c.old = o.campaign;
INSERT OR IGNORE INTO main.measure
SELECT c.new, o.name, o.point FROM other.measure AS o JOIN campaign_map AS c ON c.old = o.campaign;
INSERT OR IGNORE INTO main.round
SELECT c.new, o.number, o.front, o.hypervolume, o.measured, o.mean_gap, o.worst_gap, o.tau
FROM other.round AS o JOIN campaign_map AS c ON c.old = o.campaign;
INSERT OR IGNORE INTO main.refit
SELECT c.new, o.accuracy_key, o.proxy FROM other.refit AS o JOIN campaign_map AS c ON c.old = o.campaign;
INSERT OR IGNORE INTO main.promotion
SELECT c.new, o.training, o.design, o.epochs, o.asked, o.stopped_after, o.start
FROM other.promotion AS o JOIN campaign_map AS c ON c.old = o.campaign;
INSERT INTO main.training
SELECT c.new, o.spent_s FROM other.training AS o JOIN campaign_map AS c ON c.old = o.campaign WHERE true
ON CONFLICT (campaign) DO UPDATE SET spent_s = max(spent_s, excluded.spent_s);

INSERT OR IGNORE INTO main.cache SELECT key, value FROM other.cache;
-- what was looked at, and answers: of one that both have, ours stays
INSERT OR IGNORE INTO main.look SELECT * FROM other.look;
INSERT OR IGNORE INTO main.look_score SELECT * FROM other.look_score;
INSERT OR IGNORE INTO main.contender
SELECT c.new, o.accuracy_key, o.round, o.position, o.design FROM other.contender AS o
JOIN campaign_map AS c ON c.old = o.campaign WHERE NOT EXISTS (SELECT 1 FROM main.contender AS m
    WHERE m.campaign = c.new AND m.accuracy_key = o.accuracy_key AND m.round = o.round);
CREATE TEMP TABLE confirmation_start AS SELECT coalesce(max(id), 0) AS id FROM main.confirmation;
INSERT OR IGNORE INTO main.confirmation (campaign, accuracy_key, minimised, drop_limit, confidence, images, block,
    finished, answer, sure_percent)
SELECT c.new, o.accuracy_key, o.minimised, o.drop_limit, o.confidence, o.images, o.block, o.finished, o.answer,
    o.sure_percent FROM other.confirmation AS o JOIN campaign_map AS c ON c.old = o.campaign ORDER BY o.id;
INSERT INTO main.confirmation_step
SELECT m.id, s.position, s.design, s.tier, s.believed_drop, s.believed_error, s.held_against, s.images, s.only_float,
    s.only_design, s.verdict
FROM other.confirmation AS o JOIN campaign_map AS c ON c.old = o.campaign
JOIN main.confirmation AS m ON m.campaign = c.new AND m.accuracy_key = o.accuracy_key AND m.drop_limit = o.drop_limit
    AND m.confidence = o.confidence AND m.id > (SELECT id FROM confirmation_start)
JOIN other.confirmation_step AS s ON s.confirmation = o.id;
INSERT INTO main.confirmation_score
SELECT m.id, s.position, s.lost, s.lost_square
FROM other.confirmation AS o JOIN campaign_map AS c ON c.old = o.campaign
JOIN main.confirmation AS m ON m.campaign = c.new AND m.accuracy_key = o.accuracy_key AND m.drop_limit = o.drop_limit
    AND m.confidence = o.confidence AND m.id > (SELECT id FROM confirmation_start)
JOIN other.confirmation_score AS s ON s.confirmation = o.id;
DROP TABLE confirmation_start;
-- of an evolution that both have, ours stays with its designs: rows of two fronts are no front; unless ours did not end
CREATE TEMP TABLE bespoke_ended AS SELECT m.id AS new, o.id AS old FROM main.bespoke AS m
JOIN other.bespoke AS o ON o.identity = m.identity WHERE m.finished = '' AND o.finished <> '';
UPDATE main.bespoke SET (evaluated, training_s, evolution_s, finished) = (SELECT o.evaluated, o.training_s, o.evolution_s,
    o.finished FROM bespoke_ended AS e JOIN other.bespoke AS o ON o.id = e.old WHERE e.new = bespoke.id)
WHERE id IN (SELECT new FROM bespoke_ended);
INSERT INTO main.bespoke_design
SELECT e.new, d.position, d.lost, d.learn, d.choose, d.report, d."drop", d.drop_low, d.drop_high, d.area_cm2, d.power_mw,
    d.delay_ms, d.network
FROM bespoke_ended AS e JOIN other.bespoke_design AS d ON d.bespoke = e.old;
DROP TABLE bespoke_ended;
CREATE TEMP TABLE bespoke_start AS SELECT coalesce(max(id), 0) AS id FROM main.bespoke;
INSERT OR IGNORE INTO main.bespoke (identity, about, technology, features, classes, learn, choose, report, evaluated,
    training_s, evolution_s, finished)
SELECT identity, about, technology, features, classes, learn, choose, report, evaluated, training_s, evolution_s, finished
FROM other.bespoke ORDER BY id;
INSERT INTO main.bespoke_design
SELECT m.id, d.position, d.lost, d.learn, d.choose, d.report, d."drop", d.drop_low, d.drop_high, d.area_cm2, d.power_mw,
    d.delay_ms, d.network
FROM other.bespoke AS o JOIN main.bespoke AS m ON m.identity = o.identity AND m.id > (SELECT id FROM bespoke_start)
JOIN other.bespoke_design AS d ON d.bespoke = o.id;
DROP TABLE bespoke_start;
----
DROP TABLE start;
DROP TABLE campaign_map;
DROP TABLE inputs_map;
DROP TABLE evaluation_map;
DROP TABLE design_map;
