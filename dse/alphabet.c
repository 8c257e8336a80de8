#include "dse/alphabet.h"
