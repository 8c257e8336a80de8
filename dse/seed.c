#include "dse/seed.h"
