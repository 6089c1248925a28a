// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITerraLuminaSale} from "../ITerraLuminaSale.sol";
import {ILedgerTypes} from "../ledger/ILedgerTypes.sol";
import {SaleBook} from "./SaleBook.sol";

/// @title From the terms to the outcome: opens a sale, brings its close forward, decides it.
abstract contract Opening is SaleBook {
    /// @inheritdoc ITerraLuminaSale
    uint40 public constant MAX_OPEN_SECONDS = 730 days;
    /// @inheritdoc ITerraLuminaSale
    uint40 public constant EARLY_CLOSE_NOTICE = 7 days;

    uint40 private constant MAX_COOLING_OFF = 30 days;
    uint16 private constant MAX_UNLOCK_DAYS = 3650;
    uint256 private constant BPS = 10_000;

    /// @inheritdoc ITerraLuminaSale
    uint40 public immutable minOpenSeconds;

    /// @param minOpenSeconds_ See {ITerraLuminaSale-minOpenSeconds}
    constructor(uint40 minOpenSeconds_) {
        minOpenSeconds = minOpenSeconds_;
    }

    /// @inheritdoc ITerraLuminaSale
    /// @dev That the project is a draft is the ledger's to see.
    function openSale(uint24 projectId, SaleTerms calldata terms) external authorised {
        SaleRecord storage sale = _sales[projectId];
        if (sale.state != SaleState.None) revert SaleAlreadyOpened(projectId);
        ILedgerTypes.Project memory project = ledger.projectOf(projectId);
        // Money sent to this contract could never leave it.
        if (project.treasury == address(0) || project.treasury == address(this)) {
            revert ProjectHasNoTreasury(projectId);
        }
        _requireSound(terms, project);
        _requireSoundPeriods(terms);
        sale.terms = terms;
        sale.treasury = project.treasury;
        sale.closesAt = terms.closesAt;
        sale.maxInvestors = project.maxHolders;
        sale.state = SaleState.Open;
        emit SaleOpened(projectId, terms, project.treasury);
        ledger.setSaleState(projectId, ILedgerTypes.State.Funding);
    }

    /// @inheritdoc ITerraLuminaSale
    function announceEarlyClose(uint24 projectId, uint40 newClosesAt) external authorised {
        SaleRecord storage sale = _saleIn(projectId, SaleState.Open);
        uint56 target = sale.terms.targetUnits;
        if (sale.openUnits < target) revert TargetNotReached(projectId, target, sale.openUnits);
        uint40 earliest =
            _later(sale.terms.opensAt + minOpenSeconds, uint40(block.timestamp) + EARLY_CLOSE_NOTICE);
        if (newClosesAt < earliest || newClosesAt >= sale.closesAt) {
            revert InvalidClose(newClosesAt, earliest, sale.closesAt - 1);
        }
        sale.closesAt = newClosesAt;
        emit EarlyCloseAnnounced(projectId, newClosesAt);
    }

    /// @inheritdoc ITerraLuminaSale
    function abandonSale(uint24 projectId, bytes32 reason) external authorised {
        SaleRecord storage sale = _saleIn(projectId, SaleState.Open);
        if (block.timestamp >= sale.closesAt) revert SaleIsOver(projectId, sale.closesAt);
        emit SaleAbandoned(projectId, reason);
        _conclude(projectId, sale, SaleState.Failed);
    }

    /// @inheritdoc ITerraLuminaSale
    function finalize(uint24 projectId) external nonReentrant returns (SaleState state) {
        SaleRecord storage sale = _saleIn(projectId, SaleState.Open);
        uint40 earliest = _finalizableAt(sale);
        if (block.timestamp < earliest) revert TooEarlyToFinalize(projectId, earliest);
        bool success = sale.openUnits >= sale.terms.targetUnits;
        if (!success && sale.closesAt != sale.terms.closesAt) {
            // 17 CFR 227.304(b)(4): an early close needs the target at that close too.
            sale.closesAt = sale.terms.closesAt;
            emit EarlyCloseLapsed(projectId, sale.closesAt);
            if (block.timestamp < _finalizableAt(sale)) return SaleState.Open;
        }
        state = success ? SaleState.Succeeded : SaleState.Failed;
        _conclude(projectId, sale, state);
    }

    /// @inheritdoc ITerraLuminaSale
    function reportOutcome(uint24 projectId) external {
        SaleState state = _sales[projectId].state;
        if (state < SaleState.Succeeded) revert WrongSaleState(projectId, state);
        ledger.setSaleState(projectId, _outcome(state));
    }

    /// @dev A ledger that refuses to hear it (its role taken away, too little gas sent) must not keep the money in
    /// escrow: the outcome stands, refunds go on, and {reportOutcome} can tell it later.
    function _conclude(uint24 projectId, SaleRecord storage sale, SaleState state) private {
        sale.state = state;
        sale.finalizedAt = uint40(block.timestamp);
        emit SaleFinalized(projectId, state == SaleState.Succeeded, sale.openUnits, sale.escrow);
        try ledger.setSaleState(projectId, _outcome(state)) {} catch {}
    }

    function _requireSound(SaleTerms calldata terms, ILedgerTypes.Project memory project) private view {
        if (terms.currency.code.length == 0) revert InvalidCurrency(terms.currency);
        if (terms.pricePerUnit == 0) revert ZeroPrice();
        (uint56 target, uint56 hardCap) = (terms.targetUnits, terms.hardCapUnits);
        if (target == 0 || target > hardCap || hardCap > project.cap || terms.maxFiatUnits > hardCap) {
            revert InvalidUnits(target, hardCap, terms.maxFiatUnits, project.cap);
        }
        if (project.maxHolderBps == 0) return;
        uint256 limit = uint256(project.cap) * project.maxHolderBps / BPS;
        if (terms.maxUnitsPerInvestor == 0 || terms.maxUnitsPerInvestor > limit) {
            revert InvestorLimitTooHigh(terms.maxUnitsPerInvestor, limit);
        }
    }

    function _requireSoundPeriods(SaleTerms calldata terms) private view {
        if (terms.opensAt < block.timestamp) revert OpensTooEarly(terms.opensAt, block.timestamp);
        uint256 earliest = uint256(terms.opensAt) + minOpenSeconds;
        uint256 latest = uint256(terms.opensAt) + MAX_OPEN_SECONDS;
        if (terms.closesAt < earliest || terms.closesAt > latest) {
            revert InvalidClose(terms.closesAt, earliest, latest);
        }
        if (terms.coolingOffSeconds > MAX_COOLING_OFF) {
            revert CoolingOffTooLong(terms.coolingOffSeconds, MAX_COOLING_OFF);
        }
        if (terms.unlockDays > MAX_UNLOCK_DAYS) revert LockUpTooLong(terms.unlockDays, MAX_UNLOCK_DAYS);
    }

    function _outcome(SaleState state) private pure returns (ILedgerTypes.State) {
        return state == SaleState.Succeeded ? ILedgerTypes.State.Active : ILedgerTypes.State.Closed;
    }
}
