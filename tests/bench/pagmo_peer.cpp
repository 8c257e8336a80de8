// What 'asx bench evolution', 'indicators' and 'search' measure, by pagmo2. Prints "name value".
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <pagmo/algorithm.hpp>
#include <pagmo/algorithms/nsga2.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>
#include <pagmo/problems/dtlz.hpp>
#include <pagmo/problems/zdt.hpp>
#include <pagmo/utils/hypervolume.hpp>
#include <pagmo/utils/multi_objective.hpp>
#include <zlib.h>

static double seconds()
{
    using namespace std::chrono;
    return duration<double>(steady_clock::now().time_since_epoch()).count();
}

static void evolve(const char *name, const pagmo::problem &problem)
{
    std::vector<double> volume;
    double least = INFINITY;
    for (unsigned seed = 1; seed <= 15; seed++) {
        const double start = seconds();
        pagmo::population people(problem, 100, seed);
        const double p = 1.0 / static_cast<double>(problem.get_nx());
        const pagmo::algorithm algorithm(pagmo::nsga2(249, 0.9, 15, p, 20, seed));
        people = algorithm.evolve(people);
        least = std::min(least, seconds() - start);
        const pagmo::vector_double reference(problem.get_nobj(), 1.1);
        std::vector<pagmo::vector_double> below;
        for (const auto &f : people.get_f())
            if (std::all_of(f.begin(), f.end(), [](double v) { return v < 1.1; }))
                below.push_back(f);
        volume.push_back(below.empty() ? 0 : pagmo::hypervolume(below).compute(reference));
    }
    std::sort(volume.begin(), volume.end());
    std::printf("%s_least_s %.17g\n%s_population_hypervolume %.17g\n", name, least, name,
                volume[7]);
}

// A front on the sphere, as in 'asx bench indicators'.
static void measure(const char *name, std::size_t n, std::size_t d)
{
    std::mt19937_64 engine(7);
    std::uniform_real_distribution<double> uniform;
    std::vector<pagmo::vector_double> rows(n, pagmo::vector_double(d));
    for (auto &row : rows) {
        double square = 0;
        for (auto &v : row) {
            v = uniform(engine);
            square += v * v;
        }
        for (auto &v : row)
            v = 1 - v / std::sqrt(square);
    }
    const double start = seconds();
    const double volume = pagmo::hypervolume(rows).compute(pagmo::vector_double(d, 1.1));
    std::printf("%s %.17g\n", name, volume > 0 ? seconds() - start : NAN);
}

// A table of 'asx bench search': integers choose a row per layer; keeps all that it is asked for.
struct table_problem {
    static constexpr std::size_t layers = 20, choices = 512;
    std::shared_ptr<std::vector<double>> value; // [layers][choices][2]
    std::shared_ptr<std::vector<pagmo::vector_double>> seen;

    pagmo::vector_double fitness(const pagmo::vector_double &x) const
    {
        pagmo::vector_double sum(2);
        for (std::size_t l = 0; l < layers; l++)
            for (std::size_t j = 0; j < 2; j++)
                sum[j] += (*value)[2 * (l * choices + static_cast<std::size_t>(x[l])) + j];
        seen->push_back(sum);
        return sum;
    }
    std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const
    {
        return {pagmo::vector_double(layers, 0), pagmo::vector_double(layers, choices - 1)};
    }
    std::size_t get_nix() const
    {
        return layers;
    }
    std::size_t get_nobj() const
    {
        return 2;
    }
};

static bool load(std::vector<double> &value, const char *file)
{
    const char *folder = std::getenv("ASX_DATA");
    const std::string path = std::string(folder ? folder : "") + "/../bench/" + file;
    gzFile in = folder ? gzopen(path.c_str(), "rb") : nullptr;
    char line[256];
    if (!in || !gzgets(in, line, sizeof line)) // the header
        return false;
    double error, energy;
    while (gzgets(in, line, sizeof line))
        if (std::sscanf(line, "%*u,%*u,%*u,%lf,%lf", &error, &energy) == 2) {
            value.push_back(error);
            value.push_back(energy);
        }
    gzclose(in);
    return value.size() == 2 * table_problem::layers * table_problem::choices;
}

static void search(const char *name, const char *file, const pagmo::vector_double &reference)
{
    table_problem table{std::make_shared<std::vector<double>>(),
                        std::make_shared<std::vector<pagmo::vector_double>>()};
    if (!load(*table.value, file))
        return;
    std::vector<double> volume;
    double least = INFINITY;
    for (unsigned seed = 1; seed <= 5; seed++) {
        table.seen->clear();
        const double start = seconds();
        pagmo::population people(pagmo::problem(table), 100, seed);
        const pagmo::algorithm algorithm(
            pagmo::nsga2(249, 0.9, 15, 1.0 / table_problem::layers, 20, seed));
        algorithm.evolve(people);
        least = std::min(least, seconds() - start);
        std::vector<pagmo::vector_double> front, below;
        for (const auto i : pagmo::non_dominated_front_2d(*table.seen))
            front.push_back((*table.seen)[i]);
        for (const auto &f : front)
            if (f[0] < reference[0] && f[1] < reference[1])
                below.push_back(f);
        volume.push_back(below.empty() ? 0 : pagmo::hypervolume(below).compute(reference));
    }
    std::sort(volume.begin(), volume.end());
    std::printf("%s_nsga2_hypervolume %.17g\n%s_nsga2_s %.17g\n", name, volume[2], name, least);
}

int main(int argc, char **argv)
{
    if (argc > 1 && std::string(argv[1]) == "indicators") {
        measure("hypervolume_1e4x2_s", 10000, 2);
        measure("hypervolume_1e4x3_s", 10000, 3);
        measure("hypervolume_1e4x4_s", 10000, 4);
        measure("hypervolume_500x5_s", 500, 5);
        return 0;
    }
    if (argc > 1 && std::string(argv[1]) == "search") {
        search("structured", "alph_structured.csv.gz", {17.641131672673847, 37.015889249394505});
        search("iid", "alph_iid.csv.gz", {9.6130292818052343, 9.2936557660351848});
        return 0;
    }
    evolve("zdt1", pagmo::problem(pagmo::zdt(1, 30)));
    evolve("zdt4", pagmo::problem(pagmo::zdt(4, 10)));
    evolve("dtlz2", pagmo::problem(pagmo::dtlz(2, 12, 3)));
}
