#include "api/http/process_metrics.hpp"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

namespace vitrine::api {
namespace {

/// Of proc(5), in the units of Prometheus.
struct ProcessFigures {
    double cpu_seconds = 0;
    double threads = 0;
    double started_after_boot = 0;  // seconds
    double virtual_bytes = 0;
    double resident_bytes = 0;
};

std::string text_of(const char* file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// nullopt: there is no /proc.
std::optional<ProcessFigures> read_figures() {
    const auto text = text_of("/proc/self/stat");
    const auto name_end = text.rfind(')');  // the name may hold anything
    if (name_end == std::string::npos) return std::nullopt;
    std::istringstream rest(text.substr(name_end + 1));
    const auto skip = [&rest](int fields) {
        for (std::string field; fields > 0 && rest >> field; --fields) {
        }
    };
    double user = 0, system = 0, threads = 0, started = 0, virtual_size = 0, resident = 0;
    skip(11);  // state … cmajflt
    rest >> user >> system;
    skip(4);  // cutime … nice
    rest >> threads;
    skip(1);  // itrealvalue
    rest >> started >> virtual_size >> resident;
    if (!rest) return std::nullopt;
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
    return ProcessFigures{
        (user + system) / ticks, threads, started / ticks, virtual_size, resident * page
    };
}

/// Seconds since 1970.
double boot_time() {
    std::ifstream stat("/proc/stat");
    for (std::string line; std::getline(stat, line);) {
        if (line.starts_with("btime ")) return std::stod(line.substr(6));
    }
    return 0;
}

double open_files() {
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc/self/fd"), &::closedir);
    if (!folder) return 0;
    double count = 0;
    while (const auto* entry = ::readdir(folder.get())) {
        if (entry->d_name[0] != '.') ++count;
    }
    return count - 1;  // without the one that counts
}

double file_limit() {
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<double>(limit.rlim_cur) : 0;
}

std::vector<Sample> one(double value) {
    return {{{}, value}};
}

}  // namespace

std::vector<prometheus::MetricFamily> process_metrics() {
    std::vector<prometheus::MetricFamily> families;
    families.push_back(gauge_family(
        "vitrine_build_info",
        "1; the label is the program's version.",
        {{{{"version", VITRINE_VERSION}}, 1}}
    ));
    const auto figures = read_figures();
    if (!figures) return families;
    static const double booted = boot_time();
    const auto gauge = [&families](const char* name, const char* help, double value) {
        families.push_back(gauge_family(name, help, one(value)));
    };
    families.push_back(counter_family(
        "process_cpu_seconds_total", "Processor time, user and system.", one(figures->cpu_seconds)
    ));
    gauge(
        "process_resident_memory_bytes",
        "Memory that the process has in use.",
        figures->resident_bytes
    );
    gauge("process_virtual_memory_bytes", "Address space in use.", figures->virtual_bytes);
    gauge("process_open_fds", "Open files and connections.", open_files());
    gauge("process_max_fds", "How many there may be.", file_limit());
    gauge("process_threads", "Threads that run or wait.", figures->threads);
    gauge(
        "process_start_time_seconds",
        "When the process began, in seconds since 1970.",
        booted + figures->started_after_boot
    );
    return families;
}

}  // namespace vitrine::api
