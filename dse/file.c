#include "dse/file.h"
