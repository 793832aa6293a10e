#include <cstring>

#include "api/cli/command_line.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine::api;

namespace {

/// An argv that can be written, as the system gives it.
class Argv {
public:
    explicit Argv(std::vector<std::string> texts) : texts_(std::move(texts)) {
        for (auto& text : texts_) pointers_.push_back(text.data());
        pointers_.push_back(nullptr);
    }
    std::vector<std::string> take() {
        return take_arguments(static_cast<int>(texts_.size()), pointers_.data());
    }
    const std::vector<std::string>& left() const { return texts_; }

private:
    std::vector<std::string> texts_;
    std::vector<char*> pointers_;
};

}  // namespace

TEST_CASE("a secret in the clear is taken and wiped from argv, whichever way it is written") {
    Argv argv(
        {"vitrine",
         "tenant",
         "add",
         "acme",
         "--clubify-api-key",
         "clb_live_1",
         "--webhook-secret=s3"}
    );
    CHECK(
        argv.take() ==
        std::vector<std::string>{
            "tenant", "add", "acme", "--clubify-api-key", "clb_live_1", "--webhook-secret=s3"
        }
    );
    CHECK(
        argv.left() ==
        std::vector<std::string>{
            "vitrine",
            "tenant",
            "add",
            "acme",
            "--clubify-api-key",
            "**********",
            "--webhook-secret=**"
        }
    );
}

TEST_CASE("what only says where a secret is stays in argv, and so does everything else") {
    const std::vector<std::string> texts{
        "vitrine",
        "tenant",
        "add",
        "acme",
        "--clubify-api-key",
        "@file",
        "--webhook-secret",
        "-",
        "--clubify-tenant-id",
        "5"
    };
    Argv argv(texts);
    argv.take();
    CHECK(argv.left() == texts);
}

TEST_CASE("a program without arguments, or without a name, has none") {
    CHECK(Argv({"vitrine"}).take().empty());
    CHECK(Argv({}).take().empty());
    CHECK(
        Argv({"vitrine", "--webhook-secret"}).take() == std::vector<std::string>{"--webhook-secret"}
    );
}
