/* Where a file lies. A write-ahead log works by memory that the processes on a database share, so
 * not between machines, and locks of network file systems are slow or worse. */
#include <stddef.h>

#include "db.h"

#ifdef __linux__
#include <sys/vfs.h>

/* Magic numbers of statfs(2), as in <linux/magic.h> and the sources of the file systems. */
static const struct {
    unsigned long type;
    const char *name;
} shared[] = {
    {0x6969, "NFS"},        {0x517b, "SMB"},          {0xff534d42, "CIFS"},
    {0xfe534d42, "SMB2"},   {0x65735546, "FUSE"},     {0x01021997, "9P"},
    {0x5346414f, "AFS"},    {0x6b414653, "AFS"},      {0x73757245, "Coda"},
    {0x564c, "NCP"},        {0x00c36400, "Ceph"},     {0x0bd00bd0, "Lustre"},
    {0x47504653, "GPFS"},   {0x7461636f, "OCFS2"},    {0x01161970, "GFS2"},
    {0x19830326, "BeeGFS"}, {0x20030528, "OrangeFS"}, {0x786f4256, "VirtualBox"},
};

const char *asx_file_system_shared(const char *path)
{
    struct statfs info;
    if (statfs(path, &info) != 0)
        return NULL;
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
        if ((unsigned long)info.f_type == shared[i].type)
            return shared[i].name;
    return NULL;
}
#else
const char *asx_file_system_shared(const char *path)
{
    (void)path;
    return NULL;
}
#endif
