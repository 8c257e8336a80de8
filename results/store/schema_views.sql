-- For people and for asx query.
CREATE VIEW result AS -- every evaluation of every campaign, all fields by name; accuracies and drops of tier 'costs' are NULL
SELECT e.campaign, campaign.name AS campaign_name, design.text AS design, design.placement,
       design.formats, inputs.tier, inputs.subset, e.images, e.correct,
       CASE WHEN inputs.tier <> 'costs' THEN e.accuracy END AS accuracy,
       CASE WHEN inputs.tier <> 'costs' THEN e.accuracy_low END AS accuracy_low,
       CASE WHEN inputs.tier <> 'costs' THEN e.accuracy_high END AS accuracy_high,
       CASE WHEN inputs.tier <> 'costs' THEN e."drop" END AS "drop",
       CASE WHEN inputs.tier <> 'costs' THEN e.drop_low END AS drop_low,
       CASE WHEN inputs.tier <> 'costs' THEN e.drop_high END AS drop_high,
       e.energy_pj, e.latency_ns, e.cycles, e.area_um2, e.weight_bits, e.id AS evaluation, e.inputs,
       e.design AS design_id,
       -- what follows from energy and time: pJ / ns = mW
       1e9 / nullif(e.latency_ns, 0) AS inferences_per_s,
       coalesce(e.energy_pj / nullif(e.latency_ns, 0), 0) AS power_mw,
       1e-12 * e.energy_pj * e.latency_ns AS energy_delay_njs,
       -- 1: it keeps the campaign's limits, which are text as 'drop=2 energy=1e6'
       (instr(' ' || campaign.limits, ' drop=') = 0 OR e."drop" <=
        CAST(substr(' ' || campaign.limits, instr(' ' || campaign.limits, ' drop=') + 6) AS REAL)) AND
       (instr(' ' || campaign.limits, ' energy=') = 0 OR e.energy_pj <=
        CAST(substr(' ' || campaign.limits, instr(' ' || campaign.limits, ' energy=') + 8) AS REAL)) AND
       (instr(' ' || campaign.limits, ' latency=') = 0 OR e.latency_ns <=
        CAST(substr(' ' || campaign.limits, instr(' ' || campaign.limits, ' latency=') + 9) AS REAL)) AND
       (instr(' ' || campaign.limits, ' area=') = 0 OR e.area_um2 <=
        CAST(substr(' ' || campaign.limits, instr(' ' || campaign.limits, ' area=') + 6) AS REAL)) AND
       (instr(' ' || campaign.limits, ' energy_delay=') = 0 OR 1e-12 * e.energy_pj * e.latency_ns <=
        CAST(substr(' ' || campaign.limits, instr(' ' || campaign.limits, ' energy_delay=') + 14) AS REAL)) AND
       (instr(' ' || campaign.limits, ' power_mw=') = 0 OR coalesce(e.energy_pj / nullif(e.latency_ns, 0), 0) <=
        CAST(substr(' ' || campaign.limits, instr(' ' || campaign.limits, ' power_mw=') + 10) AS REAL)) AND
       (instr(' ' || campaign.limits, ' storage=') = 0 OR e.weight_bits <=
        CAST(substr(' ' || campaign.limits, instr(' ' || campaign.limits, ' storage=') + 9) AS REAL)) AS feasible
FROM evaluation AS e -- CROSS JOIN: in this order, which reads the table as it lies
CROSS JOIN inputs ON inputs.id = e.inputs
CROSS JOIN design ON design.id = e.design
CROSS JOIN campaign ON campaign.id = e.campaign
UNION ALL
SELECT r.campaign, campaign.name, design.text, design.placement,
       design.formats, inputs.tier, inputs.subset, e.images, e.correct,
       CASE WHEN inputs.tier <> 'costs' THEN e.accuracy END,
       CASE WHEN inputs.tier <> 'costs' THEN e.accuracy_low END,
       CASE WHEN inputs.tier <> 'costs' THEN e.accuracy_high END,
       CASE WHEN inputs.tier <> 'costs' THEN e."drop" END,
       CASE WHEN inputs.tier <> 'costs' THEN e.drop_low END,
       CASE WHEN inputs.tier <> 'costs' THEN e.drop_high END,
       e.energy_pj, e.latency_ns, e.cycles, e.area_um2, e.weight_bits, e.id, e.inputs, e.design,
       1e9 / nullif(e.latency_ns, 0), coalesce(e.energy_pj / nullif(e.latency_ns, 0), 0),
       1e-12 * e.energy_pj * e.latency_ns,
       (instr(' ' || campaign.limits, ' drop=') = 0 OR e."drop" <=
        CAST(substr(' ' || campaign.limits, instr(' ' || campaign.limits, ' drop=') + 6) AS REAL)) AND
       (instr(' ' || campaign.limits, ' energy=') = 0 OR e.energy_pj <=
        CAST(substr(' ' || campaign.limits, instr(' ' || campaign.limits, ' energy=') + 8) AS REAL)) AND
       (instr(' ' || campaign.limits, ' latency=') = 0 OR e.latency_ns <=
        CAST(substr(' ' || campaign.limits, instr(' ' || campaign.limits, ' latency=') + 9) AS REAL)) AND
       (instr(' ' || campaign.limits, ' area=') = 0 OR e.area_um2 <=
        CAST(substr(' ' || campaign.limits, instr(' ' || campaign.limits, ' area=') + 6) AS REAL)) AND
       (instr(' ' || campaign.limits, ' energy_delay=') = 0 OR 1e-12 * e.energy_pj * e.latency_ns <=
        CAST(substr(' ' || campaign.limits, instr(' ' || campaign.limits, ' energy_delay=') + 14) AS REAL)) AND
       (instr(' ' || campaign.limits, ' power_mw=') = 0 OR coalesce(e.energy_pj / nullif(e.latency_ns, 0), 0) <=
        CAST(substr(' ' || campaign.limits, instr(' ' || campaign.limits, ' power_mw=') + 10) AS REAL)) AND
       (instr(' ' || campaign.limits, ' storage=') = 0 OR e.weight_bits <=
        CAST(substr(' ' || campaign.limits, instr(' ' || campaign.limits, ' storage=') + 9) AS REAL))
FROM recalled AS r
CROSS JOIN evaluation AS e ON e.id = r.evaluation
CROSS JOIN inputs ON inputs.id = e.inputs
CROSS JOIN design ON design.id = e.design
CROSS JOIN campaign ON campaign.id = r.campaign;

CREATE VIEW design_tiers AS -- one row per design of a campaign: its tiers side by side
-- (NULL where it was not evaluated)
SELECT campaign, campaign_name, design, placement,
       max(CASE WHEN tier = 'proxy' THEN "drop" END) AS proxy_drop,
       max(CASE WHEN tier = 'measured' AND subset = 'select' THEN "drop" END) AS measured_drop,
       max(CASE WHEN tier = 'measured' AND subset = 'report' THEN "drop" END) AS report_drop,
       max(CASE WHEN tier = 'trained' AND subset = 'select' THEN "drop" END) AS trained_drop,
       max(energy_pj) AS energy_pj, max(latency_ns) AS latency_ns, max(cycles) AS cycles,
       max(area_um2) AS area_um2, max(weight_bits) AS weight_bits,
       max(inferences_per_s) AS inferences_per_s, max(power_mw) AS power_mw,
       max(energy_delay_njs) AS energy_delay_njs
FROM result
GROUP BY campaign, design;
