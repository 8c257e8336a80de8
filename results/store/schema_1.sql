-- From version 1 to 2: what the tables of version 1, set aside as old_*, held moves into those of schema.sql.

INSERT INTO campaign SELECT * FROM old_campaign;
INSERT INTO layer SELECT * FROM old_layer;
INSERT INTO run (id, campaign, version, build, processor, threads, process, started, stopped, reason, asked, evaluated,
                 recalled, duplicates, front, elapsed_s)
SELECT id, campaign, version, '', '', 0, 0, started, stopped, reason, asked, evaluated, recalled, duplicates, front,
       elapsed_s
FROM old_run;
INSERT INTO design (id, placement, formats) SELECT id, placement, formats FROM old_design;
INSERT INTO inputs SELECT * FROM old_inputs;
INSERT INTO evaluation SELECT * FROM old_evaluation ORDER BY id;
INSERT INTO breakdown SELECT *, 0, 0, 0, 0, NULL FROM old_breakdown ORDER BY evaluation;
INSERT INTO recalled (campaign, evaluation)
SELECT campaign, evaluation FROM old_recalled ORDER BY campaign, evaluation;
INSERT INTO booked (campaign, inputs)
SELECT campaign, inputs FROM evaluation
UNION
SELECT recalled.campaign, evaluation.inputs FROM recalled JOIN evaluation ON evaluation.id = recalled.evaluation;
INSERT INTO cache SELECT * FROM old_cache;
