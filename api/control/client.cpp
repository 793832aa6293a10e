#include "api/control/client.hpp"

#include <unistd.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "api/control/actor.hpp"
#include "api/control/adoption_operations.hpp"
#include "api/control/delivery_operations.hpp"
#include "api/control/interrupt.hpp"
#include "api/control/line_socket.hpp"
#include "api/control/money_operations.hpp"
#include "api/control/release_and_wait.hpp"
#include "api/keys/open_keys.hpp"
#include "api/keys/open_log.hpp"
#include "projections/checkpoint.hpp"
#include "projections/model_files.hpp"
#include "projections/projections.hpp"
#include "store/data_directory.hpp"
#include "store/open_store.hpp"
#include "store/owner.hpp"

namespace vitrine::api {
namespace {

constexpr std::chrono::seconds server_patience{10};
constexpr std::chrono::milliseconds pause{50};

using Outcome = std::expected<Json, std::string>;

/// The read model alone, as a server would run it.
std::expected<projections::ReleaseReport, projections::ReleaseError> release_here(
    const std::filesystem::path& data,
    const std::filesystem::path& master_key_file,
    const std::string& name,
    projections::Release release
) {
    OpenLog log(data, master_key_file);
    projections::Projections one(log.store(), data, {projections::find_projection(name), 1}, {});
    return release_and_wait(one, name, std::move(release));
}

/// The caller holds the lock, so that no file is switched meanwhile.
std::vector<projections::ParkedEvent> parked_here(
    const std::filesystem::path& data,
    const std::string& name,
    const std::optional<TenantId>& tenant
) {
    const auto live = projections::read_live_file(data, name);
    if (!live || live->version != projections::find_projection(name)->version) return {};
    return projections::read_parked_of(live->file, tenant);
}

/// `read_model` outlives it.
std::optional<projections::Lease> lease_here(
    const std::filesystem::path& data, const char* name, projections::ReadModel& read_model
) {
    const auto live = projections::read_live_file(data, name);
    if (!live || live->version != projections::find_projection(name)->version) return std::nullopt;
    const auto position = projections::read_checkpoint_of(live->file).position;
    read_model.publish(std::make_shared<projections::Generation>(live->file, 1), position);
    return read_model.lease();
}

/// A server that starts would come to the event and park it.
bool would_be_parked(const std::filesystem::path& data, const std::string& name, Position event) {
    const auto live = projections::read_live_file(data, name);
    if (!live) return true;
    if (live->version != projections::find_projection(name)->version) return false;
    try {
        return projections::read_checkpoint_of(live->file).position < event;
    } catch (const std::exception&) {
        return true;  // the file cannot be read: the server would begin it anew
    }
}

/// Throws too what to do about an event that stands in the way.
projections::RebuildReport rebuild_here(
    const std::filesystem::path& data,
    const std::filesystem::path& master_key_file,
    projections::ModelFiles& files,
    const std::string& name,
    const projections::RebuildOptions& options
) {
    const auto store = open_log_read_only(data, master_key_file, store::PeopleView::open);
    const auto& projection = *projections::find_projection(name);
    try {
        return projections::rebuild_stopped(*store, files, projection, options);
    } catch (const projections::PoisonEvent& poison) {
        if (!would_be_parked(data, name, poison.position)) throw;
        throw projections::PoisonEvent(
            poison.position,
            poison.type,
            std::string(poison.what()) +
                "; start the server, which parks it, then `vitrine "
                "parked retry` or `vitrine parked dismiss` it"
        );
    }
}

/// The log, opened when an operation needs it.
class TenantsHere {
public:
    TenantsHere(const std::filesystem::path& data, store::Keys& keys) : data_(data), keys_(keys) {}

    commands::Tenants& open() {
        if (!tenants_) {
            store_ = store::open_store(store::url_of(data_));
            tenants_.emplace(keys_, *store_, system_clock(), uuid_v7_source(system_clock()));
        }
        return *tenants_;
    }

private:
    std::filesystem::path data_;
    store::Keys& keys_;
    std::unique_ptr<store::EventStore> store_;
    std::optional<commands::Tenants> tenants_;
};

Outcome run_here(
    const std::filesystem::path& data,
    const std::filesystem::path& master_key_file,
    const std::string& operation,
    const Json& arguments,
    const Hear& hear
) {
    const auto keys = open_keys(data, master_key_file);
    TenantsHere tenants(data, *keys);
    std::optional<OpenLog> log;
    projections::ReadModel read_model;
    std::optional<projections::ModelFiles> model_files;
    const auto files = [&]() -> projections::ModelFiles& {
        return model_files ? *model_files : model_files.emplace(data);
    };
    const auto rebuild = [&](const std::string& name, const projections::RebuildOptions& options) {
        return rebuild_here(data, master_key_file, files(), name, options);
    };
    const Administration administration{
        *keys,
        rebuild,
        [&](const std::string& name) { return files().drop_kept(name); },
        [&data](const std::string& name, const std::optional<TenantId>& tenant) {
            return parked_here(data, name, tenant);
        },
        [&](const std::string& name, projections::Release release) {
            return release_here(data, master_key_file, name, std::move(release));
        },
        adoption_operations_here(data, master_key_file, *keys, arguments.value("clubify_url", "")),
        money_operation_here(
            data,
            master_key_file,
            *keys,
            {arguments.value("clubify_url", ""), arguments.value("pagarme_url", "")}
        ),
        [&data](const TenantId& tenant, const store::PruneOptions& options) {
            const auto store = store::open_store(store::url_of(data));
            return store::prune_journal(*store, tenant, options);
        },
        [&]() -> store::PeopleStore& {
            return (log ? *log : log.emplace(data, master_key_file)).store();
        },
        [&tenants]() -> commands::Tenants& { return tenants.open(); },
        [&](const std::optional<std::string>& hex, const std::string& by) {
            return change_master_key(*keys, data, master_key_file, hex, by);
        },
        [&](const char* name) { return lease_here(data, name, read_model); },
        delivery_operations_here(data)
    };
    std::atomic<bool> interrupted = false;
    std::optional<OnInterrupt> on_interrupt;
    // What a rebuild has written so far may be as large as the log: it shall not be left behind.
    if (operation == "rebuild") on_interrupt.emplace([&interrupted] { interrupted = true; });
    return run_operation(
        administration,
        operation,
        arguments,
        hear,
        [&interrupted] { return interrupted.load(); },
        actor_of(::getuid())
    );
}

Outcome ask(
    LineSocket socket, const std::string& operation, const Json& arguments, const Hear& hear
) {
    Json request;
    request["command"] = operation;
    request["arguments"] = arguments;
    socket.write_line(request.dump());
    while (const auto line = socket.read_line(std::nullopt)) {
        const auto said = Json::parse(*line);
        if (said.contains("result")) return said.at("result");
        if (said.contains("error")) return std::unexpected(said.at("error").get<std::string>());
        hear(said);
    }
    return std::unexpected("the server ended before it answered");
}

/// It could be neither sent nor kept.
bool is_text(const Json& json) {
    try {
        return !json.dump().empty();
    } catch (const Json::type_error&) {
        return false;
    }
}

}  // namespace

std::expected<Json, std::string> run_on_data(
    const std::filesystem::path& data,
    const std::filesystem::path& master_key_file,
    const std::string& operation,
    const Json& arguments,
    const Hear& hear
) {
    if (!is_text(arguments)) throw NotText("what is asked for is not UTF-8");
    const auto end = std::chrono::steady_clock::now() + server_patience;
    while (true) {
        {
            const store::ActAsOwner owner(data);
            if (const auto lock = store::DataLock::try_take(data))
                return run_here(data, master_key_file, operation, arguments, hear);
        }
        if (auto socket = ControlAddress(data).connect(); socket.is_open()) {
            return ask(LineSocket(std::move(socket)), operation, arguments, hear);
        }
        if (std::chrono::steady_clock::now() > end) {
            throw std::runtime_error(
                data.string() + " is in use by a process that does not answer on control.sock"
            );
        }
        std::this_thread::sleep_for(pause);
    }
}

}  // namespace vitrine::api
