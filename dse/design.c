#include "dse/design.h"
