// replay export, replay import: the log as a file of lines.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <memory>

#include "api/cli/rated_progress.hpp"
#include "api/cli/replay_filter.hpp"
#include "api/cli/subcommands.hpp"
#include "api/cli/transfer.hpp"
#include "api/cli/usage.hpp"
#include "api/transfer/log_line.hpp"
#include "core/standard_streams.hpp"
#include "store/damage.hpp"
#include "store/descriptor.hpp"
#include "store/durable_file.hpp"
#include "store/log_export.hpp"
#include "store/log_import.hpp"
#include "store/open_store.hpp"
#include "store/owner.hpp"

namespace vitrine::api {
namespace {

namespace fs = std::filesystem;

struct CloseFile {
    void operator()(std::FILE* file) const {
        if (file != stdin) std::fclose(file);
    }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

/// Whether nothing is lost when an export takes its place: it is not there, empty, or an export.
bool may_be_replaced(const std::string& name) {
    const File file(std::fopen(name.c_str(), "rb"));
    if (!file) return !fs::exists(name);
    std::string start(log_line_start.size(), '\0');
    start.resize(std::fread(start.data(), 1, start.size(), file.get()));
    return start.empty() || start == log_line_start;
}

/// A new file that appears under its name when it is complete; with "-" the standard output, and
/// what is no plain file (a pipe) as it is.
class Output {
public:
    explicit Output(const std::string& name) : name_(name) {
        if (is_standard()) return;
        if (fs::exists(name) && !fs::is_regular_file(name)) {
            file_.reset(std::fopen(name.c_str(), "wb"));
        } else {
            if (!may_be_replaced(name)) {
                throw std::runtime_error(
                    name + " is there and is no exported log: remove it, or name another file"
                );
            }
            unfinished_ = name + ".unfinished-XXXXXX";
            const int made = ::mkstemp(unfinished_.data());  // 0600
            if (made >= 0) file_.reset(::fdopen(made, "wb"));
        }
        if (!file_) store::throw_system_error("cannot create " + name);
    }
    ~Output() {
        if (!unfinished_.empty()) ::unlink(unfinished_.c_str());
    }
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    void write(std::string line) {
        line += '\n';
        if (is_standard()) {
            if (!(std::cout << line)) fail();
            return;
        }
        if (std::fwrite(line.data(), 1, line.size(), file_.get()) != line.size()) fail();
    }
    void finish() {
        if (is_standard()) {
            if (!flush_output()) fail();
            return;
        }
        if (std::fflush(file_.get()) != 0) fail();
        if (unfinished_.empty()) return;
        if (::fsync(::fileno(file_.get())) != 0) fail();
        file_.reset();
        if (::rename(unfinished_.c_str(), name_.c_str()) != 0) fail();
        unfinished_.clear();
        store::sync_directory(fs::absolute(name_).parent_path());
    }

private:
    bool is_standard() const { return name_ == "-"; }

    /// Unlike what is printed to be looked at, a log is of no use to a reader that left early.
    [[noreturn]] void fail() const {
        store::throw_system_error(
            "cannot write " + (is_standard() ? "the standard output" : name_)
        );
    }

    std::string name_;
    std::string unfinished_;
    File file_;
};

/// The lines of a file, or with "-" of the standard input.
class Input {
public:
    explicit Input(const std::string& name) : name_(name) {
        file_.reset(name == "-" ? stdin : std::fopen(name.c_str(), "rb"));
        if (!file_) store::throw_system_error("cannot open " + name);
    }

    /// Valid until the next call; nothing at the end.
    std::optional<std::string_view> next() {
        constexpr std::size_t longest = 64 * 1024 * 1024;
        text_.clear();
        ++line_;
        int c = EOF;
        while ((c = ::getc_unlocked(file_.get())) != EOF && c != '\n') {
            if (text_.size() == longest) damaged("is longer than any of an exported log");
            text_ += static_cast<char>(c);
        }
        if (c == '\n') return text_;
        if (std::ferror(file_.get()) != 0) store::throw_system_error("cannot read " + name_);
        if (!text_.empty()) damaged("is cut off");
        --line_;
        return std::nullopt;
    }

    std::string here(const std::string& what) const {
        return (name_ == "-" ? "the standard input" : name_) + ", line " + std::to_string(line_) +
               ": " + what;
    }
    [[noreturn]] void damaged(const std::string& what) const { throw store::Damaged(here(what)); }

private:
    std::string name_;
    File file_;
    std::string text_;
    std::size_t line_ = 0;
};

struct TransferCommand {
    DataOptions where;
    std::string file, tenant;
    std::uint64_t from = 1;
    bool append = false;
};

std::string summary(const store::LogEnd& counted) {
    return std::to_string(counted.events) + " events, " + std::to_string(counted.commands) +
           " commands, " + std::to_string(counted.claims) + " claims";
}

int run_export(const TransferCommand& command) {
    require_log(command.where.data);
    store::ExportOptions options;
    options.from = command.from;
    if (!command.tenant.empty()) {
        options.tenant = TenantId(command.tenant);
        store::Filter filter;
        filter.tenant = options.tenant;
        const auto log = store::open_store_read_only(store::url_of(command.where.data));
        require_known(*log, command.where.data, filter);
    }
    RatedProgress progress("export", "events");
    options.progress = [&](Position done, Position total) { progress.show(done, total); };
    Output output(command.file);
    const auto counted =
        store::export_log(command.where.data, options, [&output](const store::LogPart& part) {
            output.write(write_log_line(part));
        });
    output.finish();
    progress.clear();
    tell("exported " + summary(counted));
    return 0;
}

[[noreturn]] void refuse(const Input& input, const store::ImportFault& fault) {
    const auto what = input.here(fault.detail);
    if (fault.kind == store::ImportFault::Kind::damaged) throw store::Damaged(what);
    throw std::runtime_error(what);
}

int run_import(const TransferCommand& command) {
    Input input(command.file);
    const store::ActAsOwner owner(command.where.data);
    store::LogImport target(
        command.where.data, command.append ? store::ImportMode::append : store::ImportMode::restore
    );
    while (const auto line = input.next()) {
        const auto part = parse_log_line(*line);
        if (!part) input.damaged(part.error());
        if (const auto taken = target.take(*part); !taken) refuse(input, taken.error());
    }
    const auto counted = target.commit();
    if (!counted) refuse(input, counted.error());
    tell("imported " + summary(*counted));
    return 0;
}

/// `replay --data DIR export` is as good as `replay export --data DIR`.
void take_data(DataOptions& where, const DataOptions& before) {
    if (where.data.empty()) where.data = before.data;
    if (where.data.empty()) throw CLI::RequiredError("--data");
}

CLI::App* add_command(
    CLI::App& replay,
    const char* name,
    const char* help,
    const std::shared_ptr<TransferCommand>& options
) {
    auto* command = replay.add_subcommand(name, help);
    add_data_option(*command, options->where)->required(false);  // or before the command
    command->add_option("FILE", options->file, "a file of JSON lines, or - for the standard one")
        ->check(not_empty())
        ->required();
    return command;
}

}  // namespace

void add_transfer(CLI::App& replay, Action& action, const std::shared_ptr<ReplayOptions>& before) {
    auto options = std::make_shared<TransferCommand>();
    auto* command = add_command(
        replay,
        "export",
        "Write the log, its commands and claims to a file, on a running or a stopped server.",
        options
    );
    add_tenant_option(*command, options->tenant, "only of this tenant");
    command->add_option("--from", options->from, "first position; such a file can be appended only")
        ->type_name("POSITION")
        ->check(whole_number(1));
    command->callback([&action, options, before] {
        take_data(options->where, before->where);
        action = [options] { return run_export(*options); };
    });

    command = add_command(
        replay,
        "import",
        "Put an exported log into an empty one, all of it or nothing; the server must be stopped.",
        options
    );
    command->footer(
        "Every hash and count is checked before anything is kept; exit code 3 if the file is "
        "damaged, 1 if it does not go there. Positions, ids and hashes stay; with --append "
        "positions are given anew behind those that are there. Tenants and keys are not in it: "
        "add them with vitrine tenant add."
    );
    command->add_flag(
        "--append", options->append, "go on with the chains of a log that is not empty"
    );
    command->callback([&action, options, before] {
        take_data(options->where, before->where);
        action = [options] { return run_import(*options); };
    });
}

}  // namespace vitrine::api
