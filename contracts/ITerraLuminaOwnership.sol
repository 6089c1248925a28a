// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedgerErrors} from "./ledger/ILedgerErrors.sol";
import {ILedgerEvents} from "./ledger/ILedgerEvents.sol";

/// @title The ledger of units: who holds how many units of which project.
/// @notice Everything a caller, an indexer or an auditor needs to know stands here; the contract only says how.
/// Units are whole (no decimals). Days are days since 1970-01-01 UTC; times are unix seconds. Money is in base units of
/// the project's payout token. Besides this interface the ledger speaks ERC-1155, ERC-5615 and ERC-7943.
interface ITerraLuminaOwnership is ILedgerEvents, ILedgerErrors {
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
