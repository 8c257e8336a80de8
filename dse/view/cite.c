#include "cite.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef struct source {
    const char *word; /* that rows name it by */
    const char *entry;
} source;

static const char method[] =
    "\n@inproceedings{sarwar2016multiplierless,\n"
    "  author = {Sarwar, Syed Shakib and Venkataramani, Swagath and Raghunathan, Anand and Roy, "
    "Kaushik},\n"
    "  title = {Multiplier-less Artificial Neurons Exploiting Error Resiliency for "
    "Energy-Efficient Neural Computing},\n"
    "  booktitle = {Design, Automation \\& Test in Europe Conference \\& Exhibition (DATE)},\n"
    "  year = {2016},\n"
    "  eprint = {1602.08557},\n"
    "  archivePrefix = {arXiv}\n"
    "}\n"
    "\n@misc{roy2023hades,\n"
    "  author = {Roy, Arani and Roy, Kaushik},\n"
    "  title = {{HADES}: Hardware/Algorithm Co-design in {DNN} accelerators using Energy-efficient "
    "Approximate Alphabet Set Multipliers},\n"
    "  year = {2023},\n"
    "  eprint = {2302.01990},\n"
    "  archivePrefix = {arXiv}\n"
    "}\n";

static const source sources[] = {
    {"angate", "@misc{nangate45,\n"
               "  author = {{Nangate Inc.}},\n"
               "  title = {{NanGate} 45 nm Open Cell Library},\n"
               "  note = {cells for the FreePDK45 design kit}\n"
               "}\n"},
    {"asap7", "@article{clark2016asap7,\n"
              "  author = {Clark, Lawrence T. and Vashishtha, Vinay and Shifren, Lucian and Gujja, "
              "Aditya and Sinha, Saurabh and Cline, Brian and Ramamurthy, Chandarasekaran and "
              "Yeric, Greg},\n"
              "  title = {{ASAP7}: A 7-nm {finFET} predictive process design kit},\n"
              "  journal = {Microelectronics Journal},\n"
              "  volume = {53},\n"
              "  pages = {105--115},\n"
              "  year = {2016},\n"
              "  doi = {10.1016/j.mejo.2016.04.006}\n"
              "}\n"},
    {"sky130", "@misc{sky130,\n"
               "  author = {{Google and SkyWater Technology}},\n"
               "  title = {{SkyWater} Open Source {PDK}},\n"
               "  year = {2020},\n"
               "  url = {https://github.com/google/skywater-pdk}\n"
               "}\n"},
    {"CACTI", "@article{balasubramonian2017cacti7,\n"
              "  author = {Balasubramonian, Rajeev and Kahng, Andrew B. and Muralimanohar, Naveen "
              "and Shafiee, Ali and Srinivas, Vaishnav},\n"
              "  title = {{CACTI} 7: New Tools for Interconnect Exploration in Innovative Off-Chip "
              "Memories},\n"
              "  journal = {ACM Transactions on Architecture and Code Optimization},\n"
              "  volume = {14},\n"
              "  number = {2},\n"
              "  pages = {14:1--14:25},\n"
              "  year = {2017},\n"
              "  doi = {10.1145/3085572}\n"
              "}\n"},
    {"Horowitz",
     "@inproceedings{horowitz2014computing,\n"
     "  author = {Horowitz, Mark},\n"
     "  title = {Computing's energy problem (and what we can do about it)},\n"
     "  booktitle = {IEEE International Solid-State Circuits Conference (ISSCC) Digest of "
     "Technical Papers},\n"
     "  pages = {10--14},\n"
     "  year = {2014},\n"
     "  doi = {10.1109/ISSCC.2014.6757323}\n"
     "}\n"},
    {"Aladdin", "@inproceedings{shao2014aladdin,\n"
                "  author = {Shao, Yakun Sophia and Reagen, Brandon and Wei, Gu-Yeon and Brooks, "
                "David},\n"
                "  title = {Aladdin: A pre-{RTL}, power-performance accelerator simulator enabling "
                "large design space exploration of customized architectures},\n"
                "  booktitle = {ACM/IEEE 41st International Symposium on Computer Architecture "
                "(ISCA)},\n"
                "  pages = {97--108},\n"
                "  year = {2014},\n"
                "  doi = {10.1109/ISCA.2014.6853196}\n"
                "}\n"},
    {"evoapproxlib",
     "@inproceedings{mrazek2017evoapprox8b,\n"
     "  author = {Mrazek, Vojtech and Hrbacek, Radek and Vasicek, Zdenek and Sekanina, Lukas},\n"
     "  title = {{EvoApprox8b}: Library of approximate adders and multipliers for circuit design "
     "and benchmarking of approximation methods},\n"
     "  booktitle = {Design, Automation \\& Test in Europe Conference \\& Exhibition (DATE)},\n"
     "  pages = {258--261},\n"
     "  year = {2017},\n"
     "  doi = {10.23919/DATE.2017.7926993}\n"
     "}\n"},
    {"Stillmaker",
     "@article{stillmaker2017scaling,\n"
     "  author = {Stillmaker, Aaron and Baas, Bevan},\n"
     "  title = {Scaling equations for the accurate prediction of {CMOS} device performance from "
     "180 nm to 7 nm},\n"
     "  journal = {Integration},\n"
     "  volume = {58},\n"
     "  pages = {74--81},\n"
     "  year = {2017},\n"
     "  doi = {10.1016/j.vlsi.2017.02.002}\n"
     "}\n"},
    {"Colonnade",
     "@article{kim2021colonnade,\n"
     "  author = {Kim, Hyunjoon and Yoo, Taegeun and Kim, Tony Tae-Hyoung and Kim, Bongjin},\n"
     "  title = {Colonnade: A Reconfigurable {SRAM}-Based Digital Bit-Serial Compute-In-Memory "
     "Macro for Processing Neural Networks},\n"
     "  journal = {IEEE Journal of Solid-State Circuits},\n"
     "  year = {2021},\n"
     "  doi = {10.1109/JSSC.2021.3061508}\n"
     "}\n"},
    {"CiMLoop",
     "@inproceedings{andrulis2024cimloop,\n"
     "  author = {Andrulis, Tanner and Emer, Joel S. and Sze, Vivienne},\n"
     "  title = {{CiMLoop}: A Flexible, Accurate, and Fast Compute-In-Memory Modeling Tool},\n"
     "  booktitle = {IEEE International Symposium on Performance Analysis of Systems and Software "
     "(ISPASS)},\n"
     "  pages = {10--23},\n"
     "  year = {2024},\n"
     "  doi = {10.1109/ISPASS61541.2024.00012}\n"
     "}\n"},
    {"ZigZag", "@article{mei2021zigzag,\n"
               "  author = {Mei, Linyan and Houshmand, Pouya and Jain, Vikram and Giraldo, "
               "Sebastian and Verhelst, Marian},\n"
               "  title = {{ZigZag}: Enlarging Joint Architecture-Mapping Design Space Exploration "
               "for {DNN} Accelerators},\n"
               "  journal = {IEEE Transactions on Computers},\n"
               "  volume = {70},\n"
               "  number = {8},\n"
               "  pages = {1160--1174},\n"
               "  year = {2021},\n"
               "  doi = {10.1109/TC.2021.3059962}\n"
               "}\n"},
    {"Accelergy-Project",
     "@inproceedings{wu2019accelergy,\n"
     "  author = {Wu, Yannan Nellie and Emer, Joel S. and Sze, Vivienne},\n"
     "  title = {Accelergy: An Architecture-Level Energy Estimation Methodology for Accelerator "
     "Designs},\n"
     "  booktitle = {IEEE/ACM International Conference on Computer-Aided Design (ICCAD)},\n"
     "  year = {2019},\n"
     "  doi = {10.1109/ICCAD45719.2019.8942149}\n"
     "}\n"}};

void cite_program(asx_text *out, const char *version)
{
    asx_text_add(out,
                 "@misc{asx,\n"
                 "  author = {{The asx authors}},\n"
                 "  title = {asx, the alphabet-set explorer},\n"
                 "  howpublished = {computer program},\n"
                 "  note = {version %s, GPL-3.0-or-later}\n"
                 "}\n%s",
                 version, method);
}

static bool is_named(const asx_technology *technology, const char *word)
{
    for (size_t i = 0; i < asx_technology_n_rows(technology); i++) {
        const asx_technology_row row = asx_technology_row_at(technology, i);
        const bool prices = strcmp(row.use, "fit") == 0 || strcmp(row.use, "scaled") == 0;
        if (prices && strstr(row.source, word))
            return true;
    }
    return false;
}

void cite_technology(asx_text *out, const asx_technology *technology)
{
    asx_text_add(out, "\n%% technology %s: %s\n", asx_technology_name(technology),
                 asx_technology_summary(technology));
    size_t n = 0;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (is_named(technology, sources[i].word)) {
            asx_text_add(out, "\n%s", sources[i].entry);
            n++;
        }
    if (n == 0)
        asx_text_add(out,
                     "%% its rows name no publication that asx knows: see their column source\n");
}
