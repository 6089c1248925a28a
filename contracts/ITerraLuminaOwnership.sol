// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The ledger of units: who holds how many units of which project.
/// @notice Everything a caller, an indexer or an auditor needs to know stands here; the contract only says how.
/// Units are whole (no decimals). Days are days since 1970-01-01 UTC; times are unix seconds.
interface ITerraLuminaOwnership {
    /// @notice The life of a project. Only the edges listed beside each state exist.
    enum State {
        None, // never created
        Draft, // → Active: created, nothing minted yet
        Active, // ⇄ Paused, → ExitAnnounced: minted and transferred
        Paused, // ⇄ Active: neither minted nor transferred; claims go on
        ExitAnnounced, // → Exiting, → Active: notice is running, transfers go on, mints don't
        Exiting, // → Exited: only moves to the community DAO
        Exited // for ever: every unit is at the community DAO
    }

    /// @param cap Most units that can ever exist; fixed at creation
    /// @param maxHolders Most addresses that may hold units at one time; 0 means no limit
    /// @param lockDays Lock-up that mints of this project normally carry; informative, the mint's own day binds
    /// @param payoutToken ERC-20 in which returns are distributed
    /// @param exitTargetPerUnit Payout-token base units that each unit must have earned before an exit may begin
    /// @param metadataHash SHA-256 of the metadata document (the digest inside its CID)
    /// @param uri Where the metadata document is, e.g. ipfs://<cid>
    struct ProjectTerms {
        uint56 cap;
        uint32 maxHolders;
        uint16 lockDays;
        address payoutToken;
        uint128 exitTargetPerUnit;
        bytes32 metadataHash;
        string uri;
    }

    /// @param flags Bit 0 may send, bit 1 may receive, bit 2 exempt from lock-ups, bit 3 frozen
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

    /// @notice The mint of one investment.
    struct Receipt {
        address investor;
        uint56 units;
        uint24 projectId;
        uint16 unlockDay;
    }

    /// @notice One investment to mint.
    struct Order {
        bytes32 investmentId;
        address investor;
        uint56 units;
        uint16 unlockDay;
    }

    /// @notice Everything about a project in one answer; all zero when there is none. Members as in {ProjectTerms}.
    /// @param epoch Newest epoch opened
    /// @param holders Addresses with units now
    struct Project {
        State state;
        uint56 cap;
        uint56 supply;
        uint24 epoch;
        uint32 holders;
        uint32 maxHolders;
        uint16 lockDays;
        address payoutToken;
        uint128 exitTargetPerUnit;
        bytes32 metadataHash;
    }

    /// @param notBefore Unix second at which the exit may begin
    /// @param epoch Newest epoch when it began: former holders earn up to it, the DAO after it
    struct Exit {
        address dao;
        uint40 notBefore;
        uint24 epoch;
    }

    /// @notice Terms that never change; the metadata follows in {MetadataSet}.
    event ProjectCreated(
        uint256 indexed projectId,
        uint256 cap,
        uint256 maxHolders,
        uint256 lockDays,
        address payoutToken,
        uint256 exitTargetPerUnit
    );
    /// @param reason Hash of whatever explains a pause; zero for the edges of the exit
    event ProjectStateChanged(uint256 indexed projectId, State state, bytes32 reason);
    /// @param version Counts from 1 in each project
    event MetadataSet(uint256 indexed projectId, uint256 version, bytes32 metadataHash, string uri);
    /// @notice The whole new record of an account, see {Account}.
    event AccountSet(
        address indexed account, uint8 flags, uint40 expiry, uint16 country, uint8 class, uint64 indexed investorId
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
    /// @notice A lot of a holder with several was freed before the last of them.
    event LotReleased(bytes32 indexed investmentId, uint256 indexed projectId, address indexed holder, uint256 units);
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

    /// @notice Ids are used once.
    error ProjectAlreadyExists(uint256 projectId);
    error ProjectNotFound(uint256 projectId);
    /// @notice Id, cap, metadata hash or URI is empty, or the payout token is no contract.
    error InvalidTerms();
    /// @notice There is no such edge in {State}.
    error InvalidStateChange(uint256 projectId, State from, State to);
    /// @notice This investment was minted with other arguments.
    error InvestmentConflict(bytes32 investmentId);
    /// @notice Zero is no investment.
    error InvalidInvestmentId();
    error ZeroUnits();
    /// @param asked What the supply would have become
    error SupplyCapExceeded(uint256 projectId, uint256 cap, uint256 asked);
    /// @param code See {detectTransferRestriction}
    error TransferRestricted(uint8 code, address from, address to, uint256 projectId, uint256 units);
    /// @param unlockDay First day on which it can be released
    error LotStillLocked(bytes32 investmentId, uint256 unlockDay);
    error UnknownInvestment(bytes32 investmentId);
    /// @notice Nobody holds a unit, so nobody can share a payout.
    error NoUnits(uint256 projectId);
    /// @notice It is no contract, or its ERC-1155 hook doesn't accept.
    error DaoCannotReceive(address dao);
    /// @param earliest Now plus {minNoticeSeconds}
    error NoticeTooShort(uint256 notBefore, uint256 earliest);
    /// @param until Unix second at which the notice is over
    error NoticeRunning(uint256 projectId, uint256 until);
    /// @param have Payout-token base units that each unit has earned
    error ExitTargetNotMet(uint256 projectId, uint256 have, uint256 need);
    /// @param remaining Units that are not at the DAO yet
    error ExitIncomplete(uint256 projectId, uint256 remaining);
    /// @notice The deed isn't possible in the project's present state.
    error WrongState(uint256 projectId, State state);
    /// @notice Its money waits until it is free again.
    error AccountIsFrozen(address account);
    /// @notice The answer's bitmap has no room for more.
    error TooManyOrders(uint256 orders, uint256 limit);
    /// @notice For the contract's calls to itself.
    error OnlySelf();
    /// @notice A batch ran so low on gas that a receiver would fail for that reason alone.
    error NotEnoughGas();

    /// @notice Creates a project in state Active. Once only per id.
    function createProject(uint24 projectId, ProjectTerms calldata terms) external;

    /// @notice Active ⇄ Paused only; the exit has its own functions.
    function setProjectState(uint24 projectId, State state, bytes32 reason) external;

    /// @notice Writes account records; the registrar's job.
    function setAccount(address account, Account calldata record) external;

    /// @notice Mints one paid investment. The identical call again changes nothing and returns false;
    /// the same id with other arguments reverts {InvestmentConflict}.
    function mintInvestment(
        bytes32 investmentId,
        uint24 projectId,
        address investor,
        uint56 units,
        uint16 unlockDay
    ) external returns (bool minted);

    /// @notice Mints many. An ineligible order is skipped with its reason, never reverting the others.
    /// @return mintedBitmap Bit i is set when order i was minted by this call; at most 256 orders
    function mintInvestments(uint24 projectId, Order[] calldata orders) external returns (uint256 mintedBitmap);

    /// @notice Frees lots whose day has come, for holders of several lots. Anyone may call it.
    function release(bytes32[] calldata investmentIds) external;

    /// @notice Opens a new epoch: balances up to here share `amount`. The vault's job, in the transaction that takes the money.
    function openEpoch(uint24 projectId, uint256 amount) external returns (uint24 epoch);

    /// @notice Marks everything `holder` can claim as claimed and returns it. The vault's job.
    /// `payoutToken` is zero when nothing is due. Refuses a frozen account with {AccountIsFrozen}: its money waits.
    function settleClaim(uint24 projectId, address holder)
        external
        returns (uint256 amount, uint24 uptoEpoch, address payoutToken);

    /// @notice Starts the notice of an exit. Refuses a DAO that can't receive ERC-1155.
    function announceExit(uint24 projectId, address communityDao, uint40 notBefore) external;
    /// @notice Takes the announcement back; possible until the exit begins.
    function cancelExit(uint24 projectId) external;

    /// @notice Stops transfers for ever and lets holdings be moved. Needs the notice over and the exit target met.
    function beginExit(uint24 projectId) external;

    /// @notice Moves the listed holders' units to the community DAO. Anyone may call it, in any order, repeatedly.
    /// @return remaining Units not yet at the DAO
    function exitBatch(uint24 projectId, address[] calldata holders) external returns (uint256 remaining);

    /// @notice Ends the exit; possible only when no unit is left outside the DAO.
    function finalizeExit(uint24 projectId) external;

    /// @notice Replaces the metadata document; every version stays in the logs.
    function setMetadata(uint24 projectId, bytes32 metadataHash, string calldata uri) external;
    /// @notice Stops mints, transfers and exit batches of all projects. Never claims.
    function pause() external;
    /// @notice The administrator's alone, so that a stolen pauser key can't undo a pause.
    function unpause() external;

    /// @notice 0 ok, 1 paused, 2 project state, 3 sender blocked, 4 receiver not eligible, 5 receiver expired,
    /// 6 frozen, 7 locked, 8 holder cap, 9 max balance, 10 country, 11 operator blocked, 12 exit running,
    /// 13 supply cap (mints only), 14 receiver contract refuses (mints only; {InvestmentSkipped}, never this view).
    /// Stable and append-only. Never reverts. Not 0 exactly when a transfer would be refused for such a reason.
    /// `from` zero asks about a mint.
    function detectTransferRestriction(address from, address to, uint256 projectId, uint256 units)
        external
        view
        returns (uint8 code);
    /// @notice An English sentence for a code.
    function messageForTransferRestriction(uint8 code) external pure returns (string memory);

    /// @notice All zero when there is no such project.
    function projectOf(uint256 projectId) external view returns (Project memory);
    /// @notice All zero for an address that was never registered.
    function accountOf(address account) external view returns (Account memory);
    /// @notice All zero for an investment that was not minted.
    function receiptOf(bytes32 investmentId) external view returns (Receipt memory);
    /// @notice All zero while no exit is announced.
    function exitOf(uint256 projectId) external view returns (Exit memory);
    /// @notice Units that exist.
    function totalSupply(uint256 projectId) external view returns (uint256);
    /// @notice Whether the project was created.
    function exists(uint256 projectId) external view returns (bool);
    /// @notice Addresses with units now.
    function holderCount(uint256 projectId) external view returns (uint256);

    /// @notice Units of `holder` that may move now, lock-ups taken off.
    function movableOf(address holder, uint256 projectId) external view returns (uint256);

    /// @notice Units that `holder` had when `epoch` opened (epochs count from 1).
    function balanceAt(address holder, uint256 projectId, uint24 epoch) external view returns (uint256);
    /// @notice Units that existed when `epoch` opened.
    function supplyAt(uint256 projectId, uint24 epoch) external view returns (uint256);

    /// @notice Sum of all payouts per unit up to and including `epoch`, times 2^64.
    function cumulativeAt(uint256 projectId, uint24 epoch) external view returns (uint256);
    /// @notice ERC-20 in which the project's returns are paid.
    function payoutTokenOf(uint256 projectId) external view returns (address);

    /// @notice Shortest time between the announcement and the beginning of an exit.
    function minNoticeSeconds() external view returns (uint40);

    /// @notice Payout-token base units that `holder` could claim now: the sum over unclaimed epochs of
    /// balance × payout per unit, exact to 2^-64, rounded down once per claim. The fraction stays in the vault.
    function claimableOf(uint256 projectId, address holder) external view returns (uint256);
}
