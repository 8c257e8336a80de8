/* Of parts that declare it. */
#ifndef KITCHEN_H
#define KITCHEN_H

int kitchen_height(void);

#endif
