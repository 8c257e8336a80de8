CREATE TABLE moment ( -- how far a run was, at moments while it worked
    run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    elapsed_s REAL NOT NULL,         -- since the run began
    stage TEXT NOT NULL,             -- what it was at: 'search', 'measuring the front', ...
    done INTEGER NOT NULL,           -- designs of this stage, those known before among them
    total INTEGER,                   -- designs there will be; NULL: not known
    front INTEGER NOT NULL,
    hypervolume REAL NOT NULL,       -- share of the box up to the campaign's reference point
    factor REAL,                     -- every design has one in the front with at most its drop and at most factor
                                     -- times its costs; NULL: nothing is proven yet
    PRIMARY KEY (run, elapsed_s)
) STRICT, WITHOUT ROWID;
