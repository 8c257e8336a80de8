CREATE TABLE bespoke ( -- wired classifiers found on a table, an evolution a row: 'asx bespoke train', 'asx run'
    id INTEGER PRIMARY KEY,
    identity TEXT NOT NULL UNIQUE,   -- hash of the table, its split, all settings and the cells
    about TEXT NOT NULL,             -- files and settings, for people
    technology TEXT NOT NULL,        -- library of cells
    features INTEGER NOT NULL, classes INTEGER NOT NULL,
    learn INTEGER NOT NULL, choose INTEGER NOT NULL, report INTEGER NOT NULL, -- rows of each part
    evaluated INTEGER NOT NULL,      -- designs looked at
    training_s REAL NOT NULL, evolution_s REAL NOT NULL, -- of processor time
    finished TEXT NOT NULL           -- when, UTC; '': it did not come to its end yet, and has no designs here
) STRICT;

CREATE TABLE bespoke_design ( -- the exact baseline and the front
    bespoke INTEGER NOT NULL REFERENCES bespoke ON DELETE CASCADE,
    position INTEGER NOT NULL,       -- 0: the baseline; from 1 on the front, the smallest first
    lost REAL NOT NULL,              -- points against the baseline, the more of the rows to learn from and to choose by
    learn INTEGER NOT NULL, choose INTEGER NOT NULL, report INTEGER NOT NULL, -- rows right of each part
    "drop" REAL NOT NULL, drop_low REAL NOT NULL, drop_high REAL NOT NULL, -- on the rows to report on; points, 95 %
    area_cm2 REAL NOT NULL, power_mw REAL NOT NULL, delay_ms REAL NOT NULL,
    network TEXT NOT NULL,           -- JSON, as 'asx bespoke check' reads it
    PRIMARY KEY (bespoke, position)
) STRICT, WITHOUT ROWID;
