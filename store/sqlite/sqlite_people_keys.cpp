#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <utility>

#include "core/hmac.hpp"
#include "core/text.hpp"
#include "store/erasures_log.hpp"
#include "store/people_keys.hpp"
#include "store/sealed_box.hpp"
#include "store/sqlite/people_file.hpp"

namespace vitrine::store {
namespace sqlite {
namespace {

constexpr std::size_t most_in_memory = 65'536;  // keys: a few of MiB
constexpr std::string_view root_owner = "vitrine root of people's keys";

std::filesystem::path file_in(const std::filesystem::path& directory) {
    return directory / "people.db";
}

std::string random_bytes(std::size_t count) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be started");
    std::string bytes(count, '\0');
    randombytes_buf(bytes.data(), bytes.size());
    return bytes;
}

MasterKey key_of(const std::string& bytes) {
    std::string hex(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(
        hex.data(), hex.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()
    );
    hex.pop_back();
    auto key = MasterKey::from_hex(hex);
    wipe(hex);
    return key.value();
}

std::string owner_of(const PersonKeyName& name, std::string_view id) {
    return "vitrine key " + to_hex(id) + " of " + name.tenant.str() + " for " +
           std::string(events::purpose_name(name.purpose)) + " of " + name.person;
}

std::string pepper_owner(const TenantId& tenant) {
    return "vitrine pepper of " + tenant.str();
}

/// The root key, which seals all others: what a change of the master key seals anew. nullopt: a new
/// file.
std::optional<MasterKey> opened_root(PeopleFile& file, const MasterKey& master) {
    const auto roots = file.roots();
    for (const auto& sealed : roots) {
        auto root = unseal(master, root_owner, sealed);
        if (!root) continue;
        auto key = key_of(*root);
        wipe(*root);
        return key;
    }
    if (!roots.empty())
        throw std::runtime_error("this master key does not open people.db: is it another's?");
    return std::nullopt;
}

/// What is wanted of the thread that writes: one commit each time for all that waits.
struct Work {
    std::vector<PersonKeyName> names = {};
    std::vector<PeopleFile::LookUp> look_ups = {};
    std::optional<Erasure> erasure = {};
    PeopleKeys::Done done;
};

class SqlitePeopleKeys : public PeopleKeys {
public:
    SqlitePeopleKeys(std::filesystem::path directory, const MasterKey& master, Clock clock)
        : directory_(std::move(directory)),
          clock_(std::move(clock)),
          writing_(std::in_place, file_in(directory_), PeopleFile::Use::write),
          reading_(file_in(directory_), PeopleFile::Use::write),
          root_(make_or_open_root(*writing_, master)) {
        for (const auto& erasure : noted_erasures(directory_))
            noted_.emplace(erasure.tenant, erasure.person);
        writer_ = std::thread([this] { write(); });
    }

    SqlitePeopleKeys(std::filesystem::path directory, const MasterKey* master)
        : directory_(std::move(directory)), reading_(file_in(directory_), PeopleFile::Use::read) {
        if (master != nullptr) root_ = opened_root(reading_, *master);
        // What was put back is erased when it is served: until then it is as if it were.
        for (const auto& erasure : noted_erasures(directory_)) {
            if (!reading_.is_erased(erasure.tenant, erasure.person))
                still_to_erase_.push_back({erasure.tenant, erasure.person});
        }
    }

    ~SqlitePeopleKeys() override {
        {
            const std::scoped_lock lock(work_mutex_);
            ends_ = true;
        }
        work_changed_.notify_all();
        if (writer_.joinable()) writer_.join();
    }

    void make(std::vector<PersonKeyName> names, std::vector<PersonLookUp> look_ups, Done done)
        override {
        Work work{.names = std::move(names), .done = std::move(done)};
        for (auto& [tenant, person, kind, text] : look_ups)
            work.look_ups.push_back({tenant, kind, code_of(tenant, kind, text), person});
        enqueue(std::move(work));
    }

    std::shared_ptr<const PersonKey> current(const PersonKeyName& name) override {
        const std::scoped_lock lock(mutex_);
        if (const auto found = by_name_.find(name); found != by_name_.end())
            return in_memory(name.tenant, found->second);
        const auto sealed = reading_.current(name);
        if (!sealed) return nullptr;
        by_name_.emplace(name, sealed->id);
        return keep(*sealed);
    }

    std::shared_ptr<const PersonKey> find(const TenantId& tenant, std::string_view id) override {
        const std::scoped_lock lock(mutex_);
        return in_memory(tenant, std::string(id));
    }

    bool lives(const TenantId& tenant, std::string_view id) override {
        const std::scoped_lock lock(mutex_);
        if (by_id_.contains({tenant, std::string(id)})) return true;
        if (still_to_erase_.empty()) return reading_.lives(tenant, id);
        const auto sealed = reading_.find(tenant, id);
        return sealed && !is_to_be_erased(sealed->name);
    }

    bool is_erased(const TenantId& tenant, const std::string& person) override {
        const std::scoped_lock lock(mutex_);
        return is_to_be_erased({tenant, person, {}}) || reading_.is_erased(tenant, person);
    }

    std::string code_of(const TenantId& tenant, std::string_view kind, std::string_view text)
        override {
        std::string pepper;
        {
            const std::scoped_lock lock(mutex_);
            pepper = pepper_of(tenant);
        }
        const auto code = hmac_sha256(pepper, std::string(kind) + '\n' + std::string(text));
        return to_hex(bytes_of(code));
    }

    std::vector<std::string> people_with(
        const TenantId& tenant, std::string_view kind, std::string_view text
    ) override {
        const auto code = code_of(tenant, kind, text);
        const std::scoped_lock lock(mutex_);
        return reading_.people_with({tenant, std::string(kind), code, {}});
    }

    std::vector<Code> codes_of(const TenantId& tenant, const std::string& person) override {
        const std::scoped_lock lock(mutex_);
        return reading_.codes_of(tenant, person);
    }

    std::vector<NamedPersonKey> keys_of(const TenantId& tenant, const std::string& person)
        override {
        const std::scoped_lock lock(mutex_);
        std::vector<NamedPersonKey> keys;
        for (const auto& sealed : reading_.keys_of(tenant, person)) {
            if (const auto key = opened(sealed))
                keys.push_back({sealed.name.purpose, key->fingerprint()});
        }
        return keys;
    }

    void erase(Erasure erasure, Done done) override {
        enqueue({.erasure = std::move(erasure), .done = std::move(done)});
    }

    std::optional<Erasure> erasure_of(const TenantId& tenant, const std::string& person) override {
        const std::scoped_lock lock(mutex_);
        return reading_.erasure_of(tenant, person);
    }

    std::vector<Erasure> left_out() override {
        const std::scoped_lock lock(mutex_);
        auto noted = noted_erasures(directory_);
        std::erase_if(noted, [this](const Erasure& erasure) {
            return reading_.is_erased(erasure.tenant, erasure.person);
        });
        return noted;
    }

    std::vector<Erasure> erasures() override {
        const std::scoped_lock lock(mutex_);
        return reading_.erasures();
    }

    std::size_t end_due(Timestamp now, std::chrono::seconds retention) override {
        const std::scoped_lock writing(writing_mutex_);
        // A month that ended before `now - retention`: those before the one that this is in.
        const auto count = writing_->end_due(now, month_of(now - retention));
        if (count != 0) forget_all();
        return count;
    }

    Position erased_through() override {
        const std::scoped_lock lock(mutex_);
        return reading_.erased_through();
    }
    void set_erased_through(Position position) override {
        const std::scoped_lock writing(writing_mutex_);
        writing_->set_erased_through(position);
    }
    Figures figures() override {
        const std::scoped_lock lock(mutex_);
        return reading_.figures();
    }

private:
    static MasterKey make_or_open_root(PeopleFile& file, const MasterKey& master) {
        if (auto root = opened_root(file, master)) {
            // What a former master key could open it with goes.
            for (const auto& sealed : file.roots()) {
                if (unseal(master, root_owner, sealed)) {
                    file.keep_root(sealed);
                    break;
                }
            }
            return *std::move(root);
        }
        auto root = MasterKey::fresh();
        file.add_root(seal(master, root_owner, root.bytes()));
        return root;
    }

    bool is_to_be_erased(const PersonKeyName& name) const {
        return std::ranges::any_of(still_to_erase_, [&](const auto& one) {
            return one.first == name.tenant && one.second == name.person;
        });
    }

    /// With the lock held, as what follows.
    std::shared_ptr<const PersonKey> in_memory(const TenantId& tenant, const std::string& id) {
        if (const auto found = by_id_.find({tenant, id}); found != by_id_.end())
            return found->second;
        const auto sealed = reading_.find(tenant, id);
        return sealed ? keep(*sealed) : nullptr;
    }

    std::shared_ptr<const PersonKey> keep(const PeopleFile::SealedKey& sealed) {
        auto key = opened(sealed);
        if (key == nullptr) return nullptr;
        if (by_id_.size() >= most_in_memory) {
            by_id_.clear();
            by_name_.clear();
        }
        by_id_.insert_or_assign({sealed.name.tenant, sealed.id}, key);
        return key;
    }

    std::shared_ptr<const PersonKey> opened(const PeopleFile::SealedKey& sealed) {
        if (!root_ || is_to_be_erased(sealed.name)) return nullptr;
        auto bytes = unseal(*root_, owner_of(sealed.name, sealed.id), sealed.sealed);
        if (!bytes) throw std::runtime_error("people.db is damaged: a key does not open");
        return std::make_shared<const PersonKey>(sealed.id, *std::move(bytes));
    }

    std::string pepper_of(const TenantId& tenant) {
        if (const auto found = peppers_.find(tenant); found != peppers_.end()) return found->second;
        auto sealed = reading_.pepper(tenant);
        if (!sealed) {
            reading_.add_pepper(
                tenant, seal(root_.value(), pepper_owner(tenant), random_bytes(32))
            );
            sealed = reading_.pepper(tenant);
        }
        auto pepper = unseal(root_.value(), pepper_owner(tenant), *sealed);
        if (!pepper) throw std::runtime_error("people.db is damaged: a pepper does not open");
        return peppers_[tenant] = *std::move(pepper);
    }

    void forget_all() {
        const std::scoped_lock lock(mutex_);
        by_id_.clear();
        by_name_.clear();
    }

    void enqueue(Work work) {
        {
            const std::scoped_lock lock(work_mutex_);
            work_.push_back(std::move(work));
        }
        work_changed_.notify_one();
    }

    /// What was asked for before the end is done, too.
    void write() {
        while (true) {
            std::vector<Work> batch;
            {
                std::unique_lock lock(work_mutex_);
                work_changed_.wait(lock, [this] { return ends_ || !work_.empty(); });
                if (work_.empty()) return;
                std::swap(batch, work_);
            }
            carry_out(batch);
        }
    }

    void carry_out(std::vector<Work>& batch) {
        std::exception_ptr failure;
        try {
            const std::scoped_lock writing(writing_mutex_);
            add_keys(batch);
        } catch (...) {
            failure = std::current_exception();
        }
        for (auto& work : batch) {
            auto own = failure;
            if (work.erasure) own = carry_out(*work.erasure);
            work.done(own);
        }
    }

    void add_keys(const std::vector<Work>& batch) {
        std::map<PersonKeyName, PeopleFile::SealedKey> keys;
        std::vector<PeopleFile::LookUp> look_ups;
        for (const auto& work : batch) {
            for (const auto& name : work.names) {
                if (!keys.contains(name)) keys.emplace(name, sealed_key(name));
            }
            look_ups.insert(look_ups.end(), work.look_ups.begin(), work.look_ups.end());
        }
        if (keys.empty() && look_ups.empty()) return;
        std::vector<PeopleFile::SealedKey> list;
        for (auto& [name, key] : keys) list.push_back(std::move(key));
        writing_->add(list, look_ups, clock_());
    }

    PeopleFile::SealedKey sealed_key(const PersonKeyName& name) const {
        auto id = random_bytes(PersonKey::id_bytes);
        auto bytes = random_bytes(PersonKey::key_bytes);
        auto sealed = seal(root_.value(), owner_of(name, id), bytes);
        wipe(bytes);
        return {std::move(id), name, std::move(sealed)};
    }

    std::exception_ptr carry_out(const Erasure& erasure) {
        try {
            const std::scoped_lock writing(writing_mutex_);
            if (writing_->is_erased(erasure.tenant, erasure.person)) return nullptr;
            // Of a copy that was put back it stands there already.
            if (!noted_.contains({erasure.tenant, erasure.person})) {
                note_erasure(directory_, erasure);
                noted_.emplace(erasure.tenant, erasure.person);
            }
            writing_->erase(erasure);
            forget_all();
            return nullptr;
        } catch (...) {
            return std::current_exception();
        }
    }

    struct ById {
        std::size_t operator()(const std::pair<TenantId, std::string>& of) const {
            return std::hash<std::string_view>()(of.second);
        }
    };

    std::filesystem::path directory_;
    Clock clock_;               // of one that writes
    std::mutex writing_mutex_;  // taken before the other
    std::optional<PeopleFile> writing_;
    std::set<std::pair<TenantId, std::string>> noted_;  // in erasures.log; with that lock held
    std::mutex mutex_;
    PeopleFile reading_;
    std::optional<MasterKey> root_;  // nullopt: opened without the master key
    std::vector<std::pair<TenantId, std::string>> still_to_erase_;  // of one that only reads
    std::unordered_map<std::pair<TenantId, std::string>, std::shared_ptr<const PersonKey>, ById>
        by_id_;
    std::map<PersonKeyName, std::string> by_name_;
    std::map<TenantId, std::string> peppers_;
    std::mutex work_mutex_;
    std::condition_variable work_changed_;
    std::vector<Work> work_;
    bool ends_ = false;
    std::thread writer_;
};

/// Where there is no people.db there are no keys.
class NoPeopleKeys : public PeopleKeys {
public:
    void make(std::vector<PersonKeyName>, std::vector<PersonLookUp>, Done done) override {
        done(refusal());
    }
    std::shared_ptr<const PersonKey> current(const PersonKeyName&) override { return nullptr; }
    std::shared_ptr<const PersonKey> find(const TenantId&, std::string_view) override {
        return nullptr;
    }
    bool lives(const TenantId&, std::string_view) override { return false; }
    bool is_erased(const TenantId&, const std::string&) override { return false; }
    std::string code_of(const TenantId&, std::string_view, std::string_view) override { return {}; }
    std::vector<std::string> people_with(const TenantId&, std::string_view, std::string_view)
        override {
        return {};
    }
    std::vector<Code> codes_of(const TenantId&, const std::string&) override { return {}; }
    std::vector<NamedPersonKey> keys_of(const TenantId&, const std::string&) override { return {}; }
    void erase(Erasure, Done done) override { done(refusal()); }
    std::optional<Erasure> erasure_of(const TenantId&, const std::string&) override {
        return std::nullopt;
    }
    std::vector<Erasure> left_out() override { return {}; }
    std::vector<Erasure> erasures() override { return {}; }
    std::size_t end_due(Timestamp, std::chrono::seconds) override { return 0; }
    Position erased_through() override { return 0; }
    void set_erased_through(Position) override {}
    Figures figures() override { return {}; }

private:
    static std::exception_ptr refusal() {
        return std::make_exception_ptr(std::runtime_error("there is no people.db"));
    }
};

}  // namespace
}  // namespace sqlite

PersonKey::~PersonKey() {
    wipe(bytes_);
}

std::string PersonKey::fingerprint() const {
    std::string digest(16, '\0');
    constexpr std::string_view use = "vitrine fingerprint of a person's key";
    crypto_generichash(
        reinterpret_cast<unsigned char*>(digest.data()),
        digest.size(),
        reinterpret_cast<const unsigned char*>(use.data()),
        use.size(),
        reinterpret_cast<const unsigned char*>(bytes_.data()),
        bytes_.size()
    );
    return to_hex(digest);
}

std::string month_of(Timestamp time) {
    const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(time));
    return fmt::format(
        "month-{:04}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month())
    );
}

std::unique_ptr<PeopleKeys> PeopleKeys::open(
    const std::filesystem::path& directory, const MasterKey& master, Clock clock
) {
    return std::make_unique<sqlite::SqlitePeopleKeys>(directory, master, std::move(clock));
}

std::unique_ptr<PeopleKeys> PeopleKeys::open_read_only(
    const std::filesystem::path& directory, const MasterKey* master
) {
    if (!std::filesystem::exists(sqlite::file_in(directory)))
        return std::make_unique<sqlite::NoPeopleKeys>();
    return std::make_unique<sqlite::SqlitePeopleKeys>(directory, master);
}

void add_master_key(
    const std::filesystem::path& directory, const MasterKey& present, const MasterKey& fresh
) {
    const auto path = sqlite::file_in(directory);
    if (!std::filesystem::exists(path)) return;
    sqlite::PeopleFile file(path, sqlite::PeopleFile::Use::write);
    const auto root = sqlite::opened_root(file, present);
    if (root) file.add_root(seal(fresh, sqlite::root_owner, root->bytes()));
}

}  // namespace vitrine::store
