-- The campaign database, but for what is in the other files schema_*.sql. Comments stand inside the statements, so that SQLite keeps them and
-- `sqlite3 FILE .schema` shows them to anyone.

CREATE TABLE campaign ( -- what was asked, and of which network, data and technology
    -- About this file: names carry their unit, pj = picojoule, ns = nanosecond, um2 = square
    -- micrometre, all per inference of one image. Accuracies are percent, drops are points below
    -- the float network ("drop" is a keyword of SQL and needs the quotes). The views `result` and
    -- `design_tiers` are the place to look first.
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,        -- hash of all columns below but `version` and `created`
    name TEXT NOT NULL,
    text TEXT NOT NULL,              -- the campaign file, whole
    seed TEXT NOT NULL,              -- of the search, unsigned decimal
    objectives TEXT NOT NULL,        -- e.g. 'drop energy'
    limits TEXT NOT NULL,            -- e.g. 'drop=2', or ''
    network TEXT NOT NULL,           -- file name
    network_hash TEXT NOT NULL,      -- XXH3 of the content, 16 hexadecimal digits
    data TEXT NOT NULL,              -- file names
    data_hash TEXT NOT NULL,
    technology TEXT NOT NULL,        -- name
    technology_text TEXT NOT NULL,   -- the technology's CSV file, whole
    machine TEXT NOT NULL,           -- machine parameters as 'name=value ...'
    baseline TEXT NOT NULL,          -- design that savings are quoted against
    version TEXT NOT NULL,           -- of the program that created this row
    created TEXT NOT NULL            -- UTC, ISO 8601
) STRICT;

CREATE TABLE layer ( -- the workload of a campaign: layers with weights, in order
    campaign INTEGER NOT NULL REFERENCES campaign ON DELETE CASCADE,
    position INTEGER NOT NULL,       -- from 0
    name TEXT NOT NULL,
    kind TEXT NOT NULL,              -- 'conv' or 'dense'
    in_c INTEGER NOT NULL, in_h INTEGER NOT NULL, in_w INTEGER NOT NULL,
    out_c INTEGER NOT NULL, out_h INTEGER NOT NULL, out_w INTEGER NOT NULL,
    kernel_h INTEGER NOT NULL, kernel_w INTEGER NOT NULL,
    stride_h INTEGER NOT NULL, stride_w INTEGER NOT NULL, "groups" INTEGER NOT NULL,
    input_non_negative INTEGER NOT NULL, -- 1: activations need no sign bit
    PRIMARY KEY (campaign, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE run ( -- one per process that worked on a campaign
    id INTEGER PRIMARY KEY,
    campaign INTEGER NOT NULL REFERENCES campaign ON DELETE CASCADE,
    version TEXT NOT NULL,           -- of the program
    build TEXT NOT NULL,             -- its commit, compiler and flags, as far as they are known
    processor TEXT NOT NULL,
    threads INTEGER NOT NULL,
    process INTEGER NOT NULL,        -- its number in the operating system
    started TEXT NOT NULL,           -- UTC, ISO 8601
    stopped TEXT,                    -- NULL: still running, or killed
    reason TEXT,                     -- why it stopped
    asked INTEGER, evaluated INTEGER, recalled INTEGER, duplicates INTEGER, front INTEGER,
    elapsed_s REAL
) STRICT;

CREATE TABLE design ( -- every design ever evaluated, once
    -- No index over the text: keys in random order would make every insertion dirty a page of its
    -- own. Whoever writes knows the designs from memory and adds new ones under the write lock.
    id INTEGER PRIMARY KEY,
    placement TEXT NOT NULL,         -- 'vn', 'near' or 'in'
    formats TEXT NOT NULL,           -- canonical text without the placement; accuracy depends on it alone
    text TEXT NOT NULL GENERATED ALWAYS AS (placement || ': ' || formats) VIRTUAL
) STRICT;

CREATE TABLE inputs ( -- everything but the design that the numbers of an evaluation depend on
    id INTEGER PRIMARY KEY,
    tier TEXT NOT NULL,              -- 'proxy', 'measured', 'trained' or 'float'
    subset TEXT NOT NULL,            -- which images: 'select' or 'report'
    accuracy_key TEXT NOT NULL,      -- hash of network, data, images, calibration, ...
    cost_key TEXT NOT NULL,          -- hash of layer shapes, technology and machine
    about TEXT NOT NULL,             -- the same in words
    UNIQUE (accuracy_key, cost_key, tier, subset)
) STRICT;

CREATE TABLE evaluation ( -- one design under one set of inputs; never computed twice
    id INTEGER PRIMARY KEY,          -- in the order of booking
    design INTEGER NOT NULL REFERENCES design,
    inputs INTEGER NOT NULL REFERENCES inputs,
    campaign INTEGER NOT NULL REFERENCES campaign, -- the first that asked for it
    images INTEGER NOT NULL,         -- 0 for predictions
    correct INTEGER NOT NULL,
    accuracy REAL NOT NULL, accuracy_low REAL NOT NULL, accuracy_high REAL NOT NULL, -- 95 %
    "drop" REAL NOT NULL, drop_low REAL NOT NULL, drop_high REAL NOT NULL,           -- 95 %
    energy_pj REAL NOT NULL,
    latency_ns REAL NOT NULL,
    cycles REAL NOT NULL,
    area_um2 REAL NOT NULL,
    weight_bits REAL NOT NULL,       -- storage of all weights, encoded
    UNIQUE (inputs, design)          -- in this order new rows come last, or nearly
) STRICT;

CREATE TABLE recalled ( -- evaluations that a campaign took over from an earlier one
    id INTEGER PRIMARY KEY,          -- in the order of booking
    campaign INTEGER NOT NULL REFERENCES campaign ON DELETE CASCADE,
    evaluation INTEGER NOT NULL REFERENCES evaluation,
    UNIQUE (campaign, evaluation)
) STRICT;

CREATE TABLE booked ( -- which inputs a campaign booked evaluations under, and how far its front is known
    campaign INTEGER NOT NULL REFERENCES campaign ON DELETE CASCADE,
    inputs INTEGER NOT NULL REFERENCES inputs,
    -- the front among all evaluations and recalls up to these ids is in front_row
    evaluation_upto INTEGER NOT NULL DEFAULT 0,
    recalled_upto INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (campaign, inputs)
) STRICT, WITHOUT ROWID;

CREATE TABLE front_row ( -- evaluations that none of the same campaign and inputs dominates
    campaign INTEGER NOT NULL,
    inputs INTEGER NOT NULL,
    evaluation INTEGER NOT NULL REFERENCES evaluation ON DELETE CASCADE,
    PRIMARY KEY (campaign, inputs, evaluation),
    FOREIGN KEY (campaign, inputs) REFERENCES booked ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE lease ( -- designs that 'asx ask' handed out and 'asx tell' has not heard of
    campaign INTEGER NOT NULL REFERENCES campaign ON DELETE CASCADE,
    design TEXT NOT NULL,            -- its text
    expires INTEGER NOT NULL,        -- seconds since 1970, UTC; handed out again from then on
    PRIMARY KEY (campaign, design)
) STRICT, WITHOUT ROWID;

CREATE TABLE cache ( -- what was expensive to compute and depends on inputs alone: proxy tables
    key TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
