#pragma once

#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "events/person_text.hpp"
#include "store/keys.hpp"

namespace vitrine::store {

using events::Purpose;

/// Whose key, and for what. `person` is the id of ours, or a month of the tenant (month_of) where
/// the person is not known.
struct PersonKeyName {
    TenantId tenant;
    std::string person;
    Purpose purpose{};
    auto operator<=>(const PersonKeyName&) const = default;
};

/// A text that a person is found by, as it was normalised.
struct PersonLookUp {
    TenantId tenant;
    std::string person;
    std::string kind;  // "email", "phone", "document"
    std::string text;
};

/// What is of a person who is not known is sealed under a key of the tenant's month:
/// "month-2026-11".
std::string month_of(Timestamp time);

/// A key that seals texts of one person for one purpose. Wiped in the end.
class PersonKey {
public:
    static constexpr std::size_t id_bytes = 16;
    static constexpr std::size_t key_bytes = 32;

    PersonKey(std::string id, std::string bytes) : id_(std::move(id)), bytes_(std::move(bytes)) {}
    PersonKey(const PersonKey&) = delete;
    PersonKey& operator=(const PersonKey&) = delete;
    ~PersonKey();

    const std::string& id() const { return id_; }  // random bytes; stand before what it sealed
    std::string_view bytes() const { return bytes_; }
    /// What certificates call it by: hexadecimal, of which nobody finds the key.
    std::string fingerprint() const;

private:
    std::string id_;
    std::string bytes_;
};

/// One key of a person as a certificate names it.
struct NamedPersonKey {
    Purpose purpose{};
    std::string fingerprint;
    bool operator==(const NamedPersonKey&) const = default;
};

/// That a person was erased. Stands in people.db, and in erasures.log for good.
struct Erasure {
    TenantId tenant;
    std::string person;
    Timestamp at;
    std::optional<Timestamp> contract_until = {};  // until then its key of that purpose is kept
    std::vector<NamedPersonKey> keys = {};         // that went, or go then
};

/// The keys of people and what they are looked up by: people.db, apart from the log, and
/// erasures.log beside it.
///
/// Operation: a key is on disk before anything is sealed by it; what is wanted at a time is made in
/// one commit. Erasing writes erasures.log first, then overwrites the keys, so that of a copy of
/// people.db that is put back later it is known who is to be erased anew. Concurrency: any thread;
/// `find` and `current` answer from memory or one read. Errors: a broken file or a wrong master key
/// throws std::runtime_error.
class PeopleKeys {
public:
    /// Opens or creates DIR/people.db. The caller holds the DataLock, and erases whom `left_out`
    /// names before anything is served.
    static std::unique_ptr<PeopleKeys> open(
        const std::filesystem::path& directory, const MasterKey& master, Clock clock
    );
    /// Beside a running server or without one: nothing is made or erased. Without a master key it
    /// tells which keys live, and opens nothing; a missing file is one without keys.
    static std::unique_ptr<PeopleKeys> open_read_only(
        const std::filesystem::path& directory, const MasterKey* master
    );
    virtual ~PeopleKeys() = default;

    using Done = std::move_only_function<void(std::exception_ptr failure)>;

    /// Those of the keys that are not there, and are of nobody erased, are made, and from then on
    /// people are found by these texts. `done` is called on a thread of this once both are on disk.
    virtual void make(
        std::vector<PersonKeyName> names, std::vector<PersonLookUp> look_ups, Done done
    ) = 0;

    /// The key to seal by; nullptr: there is none, it was not made or is erased.
    virtual std::shared_ptr<const PersonKey> current(const PersonKeyName& name) = 0;

    /// The key of that id, of whichever person of the tenant; nullptr: erased, or of another store.
    virtual std::shared_ptr<const PersonKey> find(const TenantId& tenant, std::string_view id) = 0;
    /// Whether there is one, told without the master key.
    virtual bool lives(const TenantId& tenant, std::string_view id) = 0;

    virtual bool is_erased(const TenantId& tenant, const std::string& person) = 0;

    /// What stands for a text in tables that are to be found by it: HMAC-SHA256 under the tenant's
    /// pepper, in hexadecimal. `kind` keeps e-mails apart from phones.
    virtual std::string code_of(
        const TenantId& tenant, std::string_view kind, std::string_view text
    ) = 0;

    /// Those who were noted with it. Whether they still have it, or ever came to be, is for the
    /// caller to see.
    virtual std::vector<std::string> people_with(
        const TenantId& tenant, std::string_view kind, std::string_view text
    ) = 0;

    /// What the person was noted with, as codes.
    struct Code {
        std::string kind;
        std::string code;
    };
    virtual std::vector<Code> codes_of(const TenantId& tenant, const std::string& person) = 0;

    /// The person's keys as a certificate names them.
    virtual std::vector<NamedPersonKey> keys_of(
        const TenantId& tenant, const std::string& person
    ) = 0;

    /// Ends the person's keys, but for those that are kept until a time, and all that they are
    /// looked up by; `done` is called on a thread of this once that is on disk. Again is of no
    /// effect.
    virtual void erase(Erasure erasure, Done done) = 0;
    virtual std::vector<Erasure> erasures() = 0;
    /// nullopt: the person is not erased.
    virtual std::optional<Erasure> erasure_of(
        const TenantId& tenant, const std::string& person
    ) = 0;
    /// Who stands in erasures.log and is not erased here: people.db is a copy of before.
    virtual std::vector<Erasure> left_out() = 0;

    /// Ends keys whose time is over: those kept until a time, and those of months that ended
    /// `retention` ago. How many.
    virtual std::size_t end_due(Timestamp now, std::chrono::seconds retention) = 0;

    /// Up to which position of the log erasures have been carried out.
    virtual Position erased_through() = 0;
    virtual void set_erased_through(Position position) = 0;

    /// How many keys live, and how many people are erased.
    struct Figures {
        std::uint64_t keys = 0;
        std::uint64_t erased = 0;
    };
    virtual Figures figures() = 0;
};

/// Lets DIR/people.db be opened by another master key too, before that takes its place. Of no
/// effect without such a file.
void add_master_key(
    const std::filesystem::path& directory, const MasterKey& present, const MasterKey& fresh
);

/// What `start(done)` begins, waited for. Throws what it failed with. Not on a thread of the keys.
template <class Start>
void keys_and_wait(Start start) {
    // Shared: whoever waits may be gone before the thread of the keys has left the promise.
    const auto ended = std::make_shared<std::promise<void>>();
    start([ended](const std::exception_ptr& failure) {
        failure ? ended->set_exception(failure) : ended->set_value();
    });
    ended->get_future().get();
}

}  // namespace vitrine::store
