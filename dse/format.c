#include "dse/format.h"
