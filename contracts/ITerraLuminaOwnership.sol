// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The ledger of units: who holds how many units of which project.
/// @notice Everything a caller, an indexer or an auditor needs to know stands here; the contract only says how.
/// Units are whole (no decimals). Days are days since 1970-01-01 UTC; times are unix seconds. Money is in base units of
/// the project's payout token. Besides this interface the ledger speaks ERC-1155, ERC-5615 and ERC-7943.
interface ITerraLuminaOwnership {
    /// @notice The life of a project. Only the edges listed beside each state exist.
    enum State {
        None, // never created
        Draft, // → Funding, → Active, → Closed: created, nothing sold
        Funding, // → Active, → Closed: the sale contract takes commitments; no unit exists
        Active, // ⇄ Paused, → ExitAnnounced: minted and transferred
        Paused, // ⇄ Active: neither minted nor transferred; claims go on
        ExitAnnounced, // → Exiting, → Active: notice is running, transfers go on, mints don't
        Exiting, // → Exited: only moves to the community DAO
        Exited, // for ever: every unit is at the community DAO
        Closed // for ever: the sale failed, no unit ever existed
    }

    /// @notice Who may call what often needs to be cheap; the rare calls are the access manager's. One role per address.
    enum Role {
        None,
        Minter, // key: sends mints; can't mint without a payment attestor's voucher
        PaymentAttestor, // key: signs vouchers; sends nothing
        IdentityAttestor, // key: signs attestations of identity; sends nothing
        Treasurer, // key: pays distributions into the vault
        Registrar, // contract: writes accounts and relinks wallets
        Vault, // contract: opens epochs and settles claims
        Sale, // contract: mints what was paid into its escrow
        Governor // contract: opens epochs for votes
    }

    /// @param cap Most units that can ever exist; fixed at creation, as are all terms but the metadata
    /// @param maxHolders Most addresses that may hold units at one time; 0 means no limit
    /// @param maxHolderBps Most that one holder may have, in basis points of `cap`; 0 means no limit
    /// @param lockDays Lock-up that mints of this project normally carry; informative, the mint's own day binds
    /// @param dailyMintCap Most units that vouchers can mint in one UTC day; see {setDailyMintCap}
    /// @param payoutToken ERC-20 in which returns are distributed
    /// @param treasury Where the proceeds of a sale on chain go; zero when there will be none
    /// @param exitTargetPerUnit Payout-token base units that each unit must have earned before an exit may begin: those
    /// paid since the newest units were minted
    /// @param buyOutPerUnit Payout-token base units per unit that buy the project out below the target; 0 means never
    /// @param metadataHash SHA-256 of the metadata document (the digest inside its CID)
    /// @param uri Where the metadata document is, e.g. ipfs://<cid>
    struct ProjectTerms {
        uint56 cap;
        uint32 maxHolders;
        uint16 maxHolderBps;
        uint16 lockDays;
        uint56 dailyMintCap;
        address payoutToken;
        address treasury;
        uint128 exitTargetPerUnit;
        uint128 buyOutPerUnit;
        bytes32 metadataHash;
        string uri;
    }

    /// @param flags Bit 0 may send, bit 1 may receive, bit 2 lock-ups don't bind what is sent to it (the issuer, an
    /// accredited investor: 17 CFR 227.501(a)), bit 3 frozen, bit 4 retired (set by {relinkWallet} only)
    /// @param expiry Unix second after which the account can no longer receive
    /// @param country ISO 3166-1 numeric code
    /// @param class Investor class the attestor gave (0 retail, 1 accredited, 2 institution)
    /// @param investorId The person or organisation behind the address; 0 is nobody
    struct Account {
        uint8 flags;
        uint40 expiry;
        uint16 country;
        uint8 class;
        uint64 investorId;
    }

    /// @notice The mint of one investment. Never changes; {lotOf} says where its units and their lock-up are now.
    struct Receipt {
        address investor;
        uint56 units;
        uint24 projectId;
        uint16 unlockDay;
    }

    /// @notice Where a lot stands besides its day; see {lotOf}.
    enum LotState {
        Open, // its day may still be to come
        Released, // freed one by one, or its day had come before the mint
        Reversed // taken back, its units burned
    }

    /// @notice One investment to mint.
    struct Order {
        bytes32 investmentId;
        address investor;
        uint56 units;
        uint16 unlockDay;
    }

    /// @notice A payment attestor's word that the orders are paid: EIP-712, see {hashOfMint}.
    /// @param deadline Unix second up to which it can be used
    /// @param signature 65 bytes, r ‖ s ‖ v with the lower s
    struct Voucher {
        uint40 deadline;
        bytes signature;
    }

    /// @notice Everything about a project in one answer; all zero when there is none. Members as in {ProjectTerms}.
    /// @param epoch Newest epoch opened
    /// @param holders Addresses with units now
    /// @param rules See {setRules}; zero when there are none
    struct Project {
        State state;
        uint56 cap;
        uint56 supply;
        uint24 epoch;
        uint32 holders;
        uint32 maxHolders;
        uint16 maxHolderBps;
        uint16 lockDays;
        uint56 dailyMintCap;
        address payoutToken;
        address treasury;
        uint128 exitTargetPerUnit;
        uint128 buyOutPerUnit;
        address rules;
        uint32 metadataVersion;
        bool metadataFrozen;
        bytes32 metadataHash;
    }

    /// @notice One holder in one project, besides the balance.
    /// @param locked Units of lots that are counted as locked and neither released nor cleared
    /// @param unlockDay On this day all of `locked` is free without anybody's doing
    /// @param clearedDay Lots with an unlock day up to this one no longer count in `locked`
    /// @param frozen Units that an enforcer froze; may exceed the balance
    /// @param claimed Last epoch whose payout is paid
    /// @param exited The exit took the units; they still measure what was earned up to its epoch
    /// @param carried Base units taken over from a wallet that was relinked here, not yet claimed
    struct Holding {
        uint256 balance;
        uint256 locked;
        uint256 unlockDay;
        uint256 clearedDay;
        uint256 frozen;
        uint256 claimed;
        bool exited;
        uint256 carried;
    }

    /// @param notBefore Unix second at which the exit may begin
    /// @param epoch Opened when it began: former holders earn up to it, the DAO after it
    struct Exit {
        address dao;
        uint40 notBefore;
        uint24 epoch;
    }

    /// @notice Terms that never change; the metadata follows in {MetadataSet}.
    event ProjectCreated(uint256 indexed projectId, ProjectTerms terms);
    /// @param reason Hash of whatever explains it; zero for the edges of sale and exit
    event ProjectStateChanged(uint256 indexed projectId, State state, bytes32 reason);
    /// @param units Most that vouchers can mint in one UTC day from now on
    event DailyMintCapSet(uint256 indexed projectId, uint256 units);
    /// @notice Zero means none from now on.
    event RulesSet(uint256 indexed projectId, address rules);
    /// @param blocked Bit n of word w stands for the ISO 3166-1 numeric code 256 w + n
    event CountriesSet(uint256 indexed projectId, uint256[4] blocked);
    /// @param version Counts from 1 in each project
    event MetadataSet(uint256 indexed projectId, uint256 version, bytes32 metadataHash, string uri);
    /// @notice This version is the last.
    event MetadataFrozen(uint256 indexed projectId, uint256 version);
    /// @notice Nothing moves from now on but claims, enforcement and relinks.
    event Paused(address account);
    /// @notice Mints, transfers and exit batches go on.
    event Unpaused(address account);
    /// @notice The account's only role from now on; None takes it away.
    event RoleSet(address indexed account, Role role);
    /// @notice The whole new record of an account, see {Account}.
    event AccountSet(
        address indexed account, uint8 flags, uint40 expiry, uint16 country, uint8 class, uint64 indexed investorId
    );
    /// @notice `from` is retired for ever; its holdings follow, project by project, in {HoldingMoved}.
    event WalletRelinked(uint64 indexed investorId, address indexed from, address indexed to);
    /// @notice A position went to the investor's new wallet with its lots and their dates.
    /// @param locked Units locked at `to` after the move, up to `unlockDay`
    /// @param carried Base units of unclaimed returns that `to` took over by this move
    event HoldingMoved(
        uint256 indexed projectId,
        address indexed from,
        address indexed to,
        uint256 units,
        uint256 locked,
        uint256 unlockDay,
        uint256 carried
    );
    /// @param investmentId The off-chain investment; can be minted once only
    /// @param unlockDay First day on which the units may move; 0 means no lock-up
    event InvestmentMinted(
        bytes32 indexed investmentId,
        uint256 indexed projectId,
        address indexed investor,
        uint256 units,
        uint256 unlockDay
    );
    /// @notice An order of a batch that was left out; `reason` is a restriction code.
    event InvestmentSkipped(bytes32 indexed investmentId, uint256 indexed projectId, uint8 reason);
    /// @notice The units of an investment were taken back and burned. It can never be minted again.
    event InvestmentReversed(
        bytes32 indexed investmentId, uint256 indexed projectId, address indexed holder, uint256 units, bytes32 reason
    );
    /// @notice A lot of a holder with several was freed before the last of them.
    event LotReleased(bytes32 indexed investmentId, uint256 indexed projectId, address indexed holder, uint256 units);
    /// @notice A lot went to another holder with its date, approved for `reason`.
    event LotMoved(
        bytes32 indexed investmentId, address indexed from, address indexed to, uint256 units, bytes32 reason
    );
    /// @notice Locked units moved, to an exempt account or by force, and their lock-up with them.
    /// @param units Locked units among those of the transfer that follows
    /// @param unlockDay The latest day of the sender's lots
    event LockCarried(
        uint256 indexed projectId, address indexed from, address indexed to, uint256 units, uint256 unlockDay
    );
    /// @param amount Base units shared by the units that existed; 0 when opened for a vote or an exit
    /// @param cumulativePerUnit Sum of all payouts per unit so far, times 2^64
    event EpochOpened(
        uint256 indexed projectId, uint256 indexed epoch, uint256 supply, uint256 amount, uint256 cumulativePerUnit
    );
    /// @param notBefore Unix second at which the exit may begin
    event ExitAnnounced(uint256 indexed projectId, address indexed communityDao, uint256 notBefore);
    /// @notice The project is active again as if nothing had been announced.
    event ExitCancelled(uint256 indexed projectId);
    /// @notice Transfers are over. `epoch` is the last one whose payout belongs to the former holders.
    event ExitBegun(uint256 indexed projectId, address indexed communityDao, uint256 epoch);
    /// @param remaining Units that are not yet at the community DAO; 0 proves that none is left out
    event ExitBatch(uint256 indexed projectId, uint256 holders, uint256 units, uint256 remaining);
    /// @notice Every unit is at the DAO, for ever.
    event ProjectExited(uint256 indexed projectId, address indexed communityDao, uint256 units);

    /// @notice The ledger is paused.
    error EnforcedPause();
    /// @notice There is one vault, for ever.
    error VaultIsFixed(address account);
    /// @notice The zero address has no role; and the vault's is for a contract that names this ledger as its own.
    error InvalidRole(address account, Role role);
    /// @notice Only an account with this role may call it.
    error MissingRole(address account, Role role);
    /// @notice Ids are used once.
    error ProjectAlreadyExists(uint256 projectId);
    /// @notice No project was created under this id.
    error ProjectNotFound(uint256 projectId);
    /// @notice The member of {ProjectTerms} named here (or `projectId`) is empty or out of range, the payout token is no
    /// contract, or the treasury is the ledger or its vault, which money could never leave.
    error InvalidTerms(string member);
    /// @notice There is no such edge in {State}.
    error InvalidStateChange(uint256 projectId, State from, State to);
    /// @notice The deed isn't possible in the project's present state.
    error WrongState(uint256 projectId, State state);
    /// @param version The last one, for ever
    error MetadataIsFrozen(uint256 projectId, uint256 version);
    /// @notice It is no contract.
    error InvalidRules(address rules);
    /// @notice This investment was minted with other arguments.
    error InvestmentConflict(bytes32 investmentId);
    /// @notice Zero is no investment.
    error InvalidInvestmentId();
    /// @param investmentId Of the order; zero for a forced transfer
    error ZeroUnits(bytes32 investmentId);
    /// @param deadline Unix second up to which it could be used
    error SignatureExpired(uint256 deadline);
    /// @notice Nobody with the role signed these very orders for this ledger on this chain.
    /// @param recovered Who signed something, if not this; zero when it is no signature at all
    error InvalidVoucher(address recovered);
    /// @notice The owner didn't sign this approval, or it was used.
    error InvalidPermit(address owner);
    /// @param code See {detectTransferRestriction}
    /// @param limit What the rule compares with: state (2, 12), expiry (5), unlock day (7), most holders (8),
    /// most units (9), country (10), cap (13), daily cap (15); otherwise 0
    error TransferRestricted(
        uint8 code, address from, address to, uint256 projectId, uint256 units, uint256 limit
    );
    /// @param unlockDay First day on which it can be released
    error LotStillLocked(bytes32 investmentId, uint256 unlockDay);
    /// @notice Nothing was minted under this id.
    error UnknownInvestment(bytes32 investmentId);
    /// @notice Its units were taken back for good.
    error InvestmentIsReversed(bytes32 investmentId);
    /// @notice It would move nothing and lower the frozen units all the same.
    error SelfForcedTransfer();
    /// @notice It was relinked to another wallet and can't be used again.
    error AccountRetired(address account);
    /// @notice The new wallet is the old one, is retired, frozen, another investor's or may not receive.
    error InvalidRelink(address from, address to);
    /// @notice The account's record has flags that a registrar can't set.
    error InvalidFlags(uint8 flags);
    /// @notice Lock-ups of both wallets are running in the project; possible when those of one are over. Until then its returns
    /// are paid to the new wallet all the same, see {settleClaim}.
    error LockupsCollide(uint256 projectId, address from, address to);
    /// @notice Nobody holds a unit, so nobody can share a payout.
    error NoUnits(uint256 projectId);
    /// @notice It is no contract, or its ERC-1155 hook doesn't accept.
    error DaoCannotReceive(address dao);
    /// @param earliest Now plus {minNoticeSeconds}
    error NoticeTooShort(uint256 notBefore, uint256 earliest);
    /// @param until Unix second at which the notice is over
    error NoticeRunning(uint256 projectId, uint256 until);
    /// @param have Payout-token base units that each unit has earned since the last mint, or is bought out with
    error ExitTargetNotMet(uint256 projectId, uint256 have, uint256 need);
    /// @param remaining Units that are not at the DAO yet
    error ExitIncomplete(uint256 projectId, uint256 remaining);
    /// @notice Its money waits until it is free again.
    error AccountIsFrozen(address account);
    /// @notice A list has no room for more.
    error TooMany(uint256 given, uint256 limit);
    /// @notice For the contract's calls to itself.
    error OnlySelf();
    /// @notice A batch ran so low on gas that a receiver would fail for that reason alone.
    /// @param needed Gas that must be left before each of its calls
    error NotEnoughGas(uint256 needed);

    // Projects. By the access manager's roles, if nothing else is said.

    /// @notice Creates a project in state Draft. Once only per id.
    function createProject(uint24 projectId, ProjectTerms calldata terms) external;
    /// @notice Draft → Active (sold off chain), Draft → Closed, Active ⇄ Paused. Sale and exit have their own functions.
    function setProjectState(uint256 projectId, State state, bytes32 reason) external;
    /// @notice Draft → Funding → Active or Closed, as a sale opens, succeeds or fails. The sale's job.
    function setSaleState(uint256 projectId, State state) external;
    /// @notice Most units that vouchers can mint in one UTC day: bounds what stolen keys can do.
    function setDailyMintCap(uint256 projectId, uint56 units) external;
    /// @notice A contract that may refuse transfers and mints of a project besides the ledger's own rules. Zero removes it.
    function setRules(uint256 projectId, address rules) external;
    /// @notice Countries whose accounts can't receive units of the project. All zero removes the rule.
    function setBlockedCountries(uint256 projectId, uint256[4] calldata blocked) external;
    /// @notice Replaces the metadata document; every version stays in the logs.
    function setMetadata(uint256 projectId, bytes32 metadataHash, string calldata uri) external;
    /// @notice Makes the present version the last. There is no way back.
    function freezeMetadata(uint256 projectId) external;
    /// @notice Stops mints, transfers and exit batches of all projects. Never claims, never enforcement.
    function pause() external;
    /// @notice Not the pauser's, so that a stolen pauser key can't undo a pause.
    function unpause() external;
    /// @notice Gives the account its one role. The role of the vault is given once and never taken: who could exchange
    /// the vault could stop claims, or settle them without paying. Only a contract that names this ledger as its own gets it.
    function setRole(address account, Role role) external;

    // Accounts: the registrar's job.

    /// @notice Writes an account record. Refuses the zero address, retired accounts and flags above bit 3.
    function setAccount(address account, Account calldata record) external;
    /// @notice Retires `from` for ever and gives `to` its new record. Its holdings follow by {moveHoldings}.
    function relinkWallet(address from, address to, Account calldata record) external;
    /// @notice Moves holdings of a relinked wallet, and of those that followed it, to the last of them. Anyone may call it;
    /// repeats are harmless.
    function moveHoldings(address from, uint256[] calldata projectIds) external;

    // Mints.

    /// @notice Mints one paid investment. The identical call again changes nothing and returns false, whatever its voucher;
    /// the same id with other arguments reverts {InvestmentConflict}.
    function mintInvestment(
        bytes32 investmentId,
        uint24 projectId,
        address investor,
        uint56 units,
        uint16 unlockDay,
        Voucher calldata voucher
    ) external returns (bool minted);
    /// @notice Mints many under one voucher. An ineligible order is skipped with its reason, never reverting the others.
    /// @return mintedBitmap Bit i is set when order i was minted by this call; at most 256 orders
    function mintInvestments(uint24 projectId, Order[] calldata orders, Voucher calldata voucher)
        external
        returns (uint256 mintedBitmap);
    /// @notice As {mintInvestments}, for commitments of a sale that succeeded: no voucher, no daily cap. Their money was in its
    /// escrow, or they were committed in fiat by two keys and within the sale's `maxFiatUnits`.
    function mintSettled(uint24 projectId, Order[] calldata orders) external returns (uint256 mintedBitmap);
    /// @notice What a payment attestor signs: MintVoucher(uint24 projectId,Order[] orders,uint40 deadline).
    function hashOfMint(uint24 projectId, Order[] calldata orders, uint40 deadline) external view returns (bytes32);
    /// @notice Frees lots whose day has come, for holders of several lots. Anyone may call it.
    function release(bytes32[] calldata investmentIds) external;

    // Enforcement; ERC-7943's setFrozenTokens and forcedTransfer belong here too. Works while paused, not while exiting.

    /// @notice Moves whole lots to another eligible holder with their dates: 17 CFR 227.501(a)(4), court orders.
    /// @param reason Hash of the approval
    function transferLots(bytes32[] calldata investmentIds, address to, bytes32 reason) external;
    /// @notice Burns the units of an investment whose payment was taken back; its holder must still have them.
    /// Returns distributed before stay the holder's.
    /// @param reason Hash of the explanation
    function reverseInvestment(bytes32 investmentId, bytes32 reason) external;

    // Approvals.

    /// @notice {IERC1155-setApprovalForAll} by the owner's EIP-712 signature (or ERC-1271):
    /// PermitForAll(address owner,address operator,bool approved,uint256 nonce,uint256 deadline).
    function permitForAll(address owner, address operator, bool approved, uint256 deadline, bytes calldata signature)
        external;

    // Returns and votes.

    /// @notice Opens a new epoch: balances up to here share `amount`. The vault's job, in the transaction that takes the money.
    /// @param treasurer Who pays; must have the role
    function openEpoch(uint256 projectId, uint256 amount, address treasurer) external returns (uint24 epoch);
    /// @notice Opens an epoch without a payout, whose balances weigh votes. The governor's job.
    function openVoteEpoch(uint256 projectId) external returns (uint24 epoch);
    /// @notice Marks everything `holder` can claim as claimed and returns it. The vault's job.
    /// Refuses a frozen account with {AccountIsFrozen}: its money waits.
    /// @return amount Base units of `payoutToken`
    /// @return uptoEpoch Everything up to this epoch is paid now
    /// @return payoutToken Zero when nothing is due
    /// @return payee Whose money it is: the holder's or, when that wallet is retired, its last successor's
    function settleClaim(uint256 projectId, address holder)
        external
        returns (uint256 amount, uint24 uptoEpoch, address payoutToken, address payee);

    // Exit.

    /// @notice Starts the notice of an exit. Refuses a DAO that can't receive ERC-1155.
    function announceExit(uint256 projectId, address communityDao, uint40 notBefore) external;
    /// @notice Takes the announcement back; possible until the exit begins.
    function cancelExit(uint256 projectId) external;
    /// @notice Stops transfers for ever and lets holdings be moved. Needs the notice over and the exit target met.
    function beginExit(uint256 projectId) external;
    /// @notice As {beginExit}, when the epoch just opened pays at least the buy-out price per unit. The vault's job,
    /// in the transaction that takes the money.
    function beginExitByBuyOut(uint256 projectId) external;
    /// @notice Moves the listed holders' units to the community DAO. Anyone may call it, in any order, repeatedly.
    /// @return remaining Units not yet at the DAO
    function exitBatch(uint256 projectId, address[] calldata holders) external returns (uint256 remaining);
    /// @notice Ends the exit; possible only when no unit is left outside the DAO.
    function finalizeExit(uint256 projectId) external;

    // Views.

    /// @notice Whether everything is paused; see {pause}. A project has a pause of its own among its states.
    function paused() external view returns (bool);

    /// @notice 0 ok, 1 paused, 2 project state, 3 sender blocked, 4 receiver not eligible, 5 receiver expired,
    /// 6 frozen, 7 locked, 8 holder cap, 9 max balance, 10 country, 11 operator blocked, 12 exit running,
    /// 13 supply cap (mints only), 14 receiver contract refuses (mints only; {InvestmentSkipped}, never this view),
    /// 15 daily mint cap (mints by voucher only, never this view), 16 the rules contract failed, 17+ its own codes.
    /// Stable and append-only. Never reverts. Not 0 exactly when a transfer would be refused for such a reason.
    /// `from` zero asks about a mint.
    function detectTransferRestriction(address from, address to, uint256 projectId, uint256 units)
        external
        view
        returns (uint8 code);
    /// @notice As {detectTransferRestriction} when `operator` moves the units of another.
    function detectTransferRestrictionFrom(
        address operator,
        address from,
        address to,
        uint256 projectId,
        uint256 units
    ) external view returns (uint8 code);
    /// @notice An English sentence for a code.
    function messageForTransferRestriction(uint8 code) external pure returns (string memory);

    /// @notice All zero when there is no such project.
    function projectOf(uint256 projectId) external view returns (Project memory);
    /// @notice See {CountriesSet}.
    function blockedCountriesOf(uint256 projectId) external view returns (uint256[4] memory);
    /// @notice Units that vouchers minted today (UTC).
    function mintedToday(uint256 projectId) external view returns (uint256);
    /// @notice All zero for an address that was never registered.
    function accountOf(address account) external view returns (Account memory);
    /// @notice The account's one role of the ledger; None for most.
    function roleOf(address account) external view returns (Role);
    /// @notice The wallet that took the place of a retired one; zero otherwise.
    function successorOf(address account) external view returns (address);
    /// @notice All zero for an investment that was not minted.
    function receiptOf(bytes32 investmentId) external view returns (Receipt memory);
    /// @notice Who holds the lot now; zero for an investment that was not minted.
    function lotOf(bytes32 investmentId) external view returns (address holder, LotState state);
    /// @notice All zero while no exit is announced.
    function exitOf(uint256 projectId) external view returns (Exit memory);
    /// @notice All zero for an address that never held units of the project, nor had any frozen. Units are whole, days are
    /// since 1970, `carried` is in base units of the payout token.
    function holdingOf(uint256 projectId, address holder) external view returns (Holding memory);
    /// @notice Units that exist.
    function totalSupply(uint256 projectId) external view returns (uint256);
    /// @notice Whether the project was created.
    function exists(uint256 projectId) external view returns (bool);
    /// @notice Units of `holder` that may move now: balance less what is frozen or locked, whichever is more.
    function movableOf(address holder, uint256 projectId) external view returns (uint256);
    /// @notice Units that `holder` had when `epoch` opened (epochs count from 1).
    function balanceAt(address holder, uint256 projectId, uint256 epoch) external view returns (uint256);
    /// @notice Units that existed when `epoch` opened.
    function supplyAt(uint256 projectId, uint256 epoch) external view returns (uint256);
    /// @notice Sum of all payouts per unit up to and including `epoch`, times 2^64.
    function cumulativeAt(uint256 projectId, uint256 epoch) external view returns (uint256);
    /// @notice Payout-token base units that every unit has earned: those paid since the newest units were minted. What an
    /// exit compares with its target.
    function earnedPerUnitOf(uint256 projectId) external view returns (uint256);
    /// @notice ERC-20 in which the project's returns are paid.
    function payoutTokenOf(uint256 projectId) external view returns (address);
    /// @notice Shortest time between the announcement and the beginning of an exit.
    function minNoticeSeconds() external view returns (uint40);
    /// @notice Payout-token base units that `holder` could claim now: the sum over unclaimed epochs of
    /// balance × payout per unit, exact to 2^-64, rounded down once per claim. The fraction stays in the vault.
    function claimableOf(uint256 projectId, address holder) external view returns (uint256);
}
