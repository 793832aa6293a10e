#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "projections/checkpoint.hpp"
#include "projections/sql.hpp"
#include "tests/projections/support.hpp"
#include "tests/support/catch.hpp"

namespace vitrine::tests {
namespace {

namespace fs = std::filesystem;

/// In a process of a user who may not write; root may always.
bool as_a_reader(const std::function<bool()>& look) {
    const auto child = ::fork();
    if (child == 0) {
        constexpr uid_t nobody = 65534;
        const bool lowered = ::geteuid() != 0 || ::setuid(nobody) == 0;
        ::_exit(lowered && look() ? 0 : 1);
    }
    int ended = 0;
    ::waitpid(child, &ended, 0);
    return WIFEXITED(ended) && WEXITSTATUS(ended) == 0;
}

}  // namespace

TEST_CASE("a read model at rest can be read where nothing can be written") {
    Log log;
    log.add(offer_created("o1", "One"));
    ModelFile model("offers");
    model.follow(log);
    const auto folder = model.file().parent_path();
    fs::permissions(model.file(), fs::perms(0444));
    fs::permissions(folder, fs::perms(0555));
    const bool read = as_a_reader([&] {
        try {
            const auto database = projections::open_for_reading(model.file());
            return projections::read_checkpoint(*database).position == log.head();
        } catch (const std::exception&) {
            return false;
        }
    });
    fs::permissions(folder, fs::perms(0755));
    CHECK(read);
}

}  // namespace vitrine::tests
