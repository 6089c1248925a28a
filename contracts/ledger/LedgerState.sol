// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ITerraLuminaOwnership} from "../ITerraLuminaOwnership.sol";
import {IERC5615} from "./IERC5615.sol";

/// @title What the ledger stores, who may write it, and the plain reads of it.
/// @dev Position, ProjectSlot, Account, Receipt, Epoch, Node and Exit take one storage slot each.
abstract contract LedgerState is ITerraLuminaOwnership, IERC5615, AccessControl, Pausable, ReentrancyGuardTransient {
    /// @notice Creates projects, pauses and resumes them.
    bytes32 public constant PROJECT_ROLE = keccak256("PROJECT_ROLE");
    bytes32 public constant MINTER_ROLE = keccak256("MINTER_ROLE");
    bytes32 public constant REGISTRAR_ROLE = keccak256("REGISTRAR_ROLE");
    bytes32 public constant VAULT_ROLE = keccak256("VAULT_ROLE");
    bytes32 public constant EXIT_ROLE = keccak256("EXIT_ROLE");
    /// @notice Pauses everything; only the admin resumes, so that a stolen pauser key can't undo a pause.
    bytes32 public constant PAUSER_ROLE = keccak256("PAUSER_ROLE");
    bytes32 public constant METADATA_ROLE = keccak256("METADATA_ROLE");

    /// @dev One holder in one project. 56 bits are free for the frozen units of a later version.
    /// @param balance Units held; once `exited` is set, the units held when the exit took them
    /// @param locked Units of lots that were counted as locked and neither released nor cleared
    /// @param epoch Epoch in which the balance last changed; older balances are in the nodes
    /// @param claimed Last epoch whose payout is paid
    /// @param unlockDay On this day all of `locked` is free without anybody's doing
    /// @param clearedDay Lots with an unlock day up to this one no longer count in `locked`
    struct Position {
        uint56 balance;
        uint56 locked;
        uint24 epoch;
        uint24 claimed;
        uint16 unlockDay;
        uint16 clearedDay;
        bool exited;
    }

    struct ProjectSlot {
        uint56 cap;
        uint56 supply;
        uint24 epoch;
        uint32 holders;
        uint32 maxHolders;
        State state;
        uint16 lockDays;
    }

    struct ProjectFacts {
        address payoutToken;
        uint32 metadataVersion;
        uint128 exitTargetPerUnit;
        bytes32 metadataHash;
        string uri;
    }

    /// @param cumulative Payouts per unit up to this epoch, times 2^64: amounts stay below 2^112, so 2^24 epochs fit
    struct Epoch {
        uint200 cumulative;
        uint56 supply;
    }

    /// @dev A balance that held for the epochs after `previous` up to the one this node is stored under.
    struct Node {
        uint56 balance;
        uint24 previous;
    }

    mapping(uint256 projectId => ProjectSlot) internal _projects;
    mapping(uint256 projectId => ProjectFacts) internal _facts;
    mapping(uint256 projectId => Exit) internal _exits;
    mapping(uint256 projectId => mapping(address holder => Position)) internal _positions;
    mapping(uint256 projectId => mapping(uint256 epoch => Epoch)) internal _epochs;
    mapping(uint256 projectId => mapping(address holder => mapping(uint256 epoch => Node))) internal _nodes;
    mapping(address account => Account) internal _accounts;
    mapping(bytes32 investmentId => Receipt) internal _receipts;
    /// @dev Lots that were freed one by one, or never counted because their day had come before the mint.
    mapping(bytes32 investmentId => bool) internal _released;

    modifier onlySelf() {
        if (msg.sender != address(this)) revert OnlySelf();
        _;
    }

    /// @inheritdoc ITerraLuminaOwnership
    function projectOf(uint256 projectId) external view returns (Project memory) {
        ProjectSlot memory slot = _projects[projectId];
        ProjectFacts storage facts = _facts[projectId];
        return Project({
            state: slot.state,
            cap: slot.cap,
            supply: slot.supply,
            epoch: slot.epoch,
            holders: slot.holders,
            maxHolders: slot.maxHolders,
            lockDays: slot.lockDays,
            payoutToken: facts.payoutToken,
            exitTargetPerUnit: facts.exitTargetPerUnit,
            metadataHash: facts.metadataHash
        });
    }

    /// @inheritdoc ITerraLuminaOwnership
    function accountOf(address account) external view returns (Account memory) {
        return _accounts[account];
    }

    /// @inheritdoc ITerraLuminaOwnership
    function receiptOf(bytes32 investmentId) external view returns (Receipt memory) {
        return _receipts[investmentId];
    }

    /// @inheritdoc ITerraLuminaOwnership
    function exitOf(uint256 projectId) external view returns (Exit memory) {
        return _exits[projectId];
    }

    /// @inheritdoc ITerraLuminaOwnership
    function totalSupply(uint256 projectId) public view override(ITerraLuminaOwnership, IERC5615) returns (uint256) {
        return _projects[projectId].supply;
    }

    /// @inheritdoc ITerraLuminaOwnership
    function exists(uint256 projectId) external view override(ITerraLuminaOwnership, IERC5615) returns (bool) {
        return _projects[projectId].state != State.None;
    }

    /// @inheritdoc ITerraLuminaOwnership
    function holderCount(uint256 projectId) external view returns (uint256) {
        return _projects[projectId].holders;
    }

    /// @inheritdoc ITerraLuminaOwnership
    function payoutTokenOf(uint256 projectId) external view returns (address) {
        return _facts[projectId].payoutToken;
    }

    function _existing(uint256 projectId) internal view returns (ProjectSlot storage project) {
        project = _projects[projectId];
        if (project.state == State.None) revert ProjectNotFound(projectId);
    }

    /// @dev The only writer of a project's state. `allowed` is checked by the caller's rule, the edge here.
    function _changeState(uint256 projectId, State from, State to, bytes32 reason) internal {
        ProjectSlot storage project = _existing(projectId);
        State present = project.state;
        if (present != from) revert InvalidStateChange(projectId, present, to);
        project.state = to;
        emit ProjectStateChanged(projectId, to, reason);
    }

    function _today() internal view returns (uint256) {
        return block.timestamp / 1 days;
    }
}
