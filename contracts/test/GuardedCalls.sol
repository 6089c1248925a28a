// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITerraLuminaRegistrar} from "../ITerraLuminaRegistrar.sol";
import {TerraLuminaDocuments} from "../TerraLuminaDocuments.sol";
import {TerraLuminaRegistrar} from "../TerraLuminaRegistrar.sol";
import {TerraLuminaSale} from "../TerraLuminaSale.sol";
import {ILedgerTypes} from "../ledger/ILedgerTypes.sol";
import {ISaleTypes} from "../sale/ISaleTypes.sol";
import {LedgerWorld} from "./LedgerWorld.sol";
import {vm} from "./Vm.sol";

/// @dev One call that is not open to all.
/// @param role The ledger's that it needs; None where the access manager is asked
/// @param onlySelf A contract's call to itself
struct Guarded {
    string name;
    address target;
    bytes data;
    ILedgerTypes.Role role;
    bool onlySelf;
}

/// @dev All calls that aren't open to all, with arguments of the right kinds that would mean something.
abstract contract GuardedCalls is LedgerWorld {
    TerraLuminaRegistrar internal registrar;
    TerraLuminaSale internal sale;
    TerraLuminaDocuments internal documents;
    Guarded[] private _calls;

    constructor() {
        registrar = new TerraLuminaRegistrar(address(manager), ledger);
        sale = new TerraLuminaSale(address(manager), address(0), ledger, 21 days);
        documents = new TerraLuminaDocuments(address(manager), ledger);
        mintOne(PROJECT, "a", holders[0], 50, 0);
        distributeAs(TREASURER, "r", 5_000);
    }

    /// @dev Built anew, because vouchers and amounts follow the seed. The caller has money, so that only its role is missing.
    function allGuarded(address caller, uint256 seed) internal returns (Guarded[] memory) {
        delete _calls;
        token.mint(caller, 1e18);
        vm.prank(caller);
        token.approve(address(vault), type(uint256).max);
        _addRoles(seed);
        _addTreasurer(seed);
        _addManaged(seed);
        _addUnits(seed);
        _addOthers(seed);
        return _calls;
    }

    /// @dev What the calls could change.
    function everything(address caller) internal view returns (bytes32) {
        return keccak256(
            abi.encode(
                ledger.projectOf(PROJECT), ledger.projectOf(9), ledger.holdingOf(PROJECT, holders[0]),
                ledger.holdingOf(PROJECT, holders[1]), ledger.accountOf(holders[1]), ledger.accountOf(caller),
                ledger.roleOf(caller), ledger.paused(), token.balanceOf(address(vault)), token.balanceOf(caller)
            )
        );
    }

    function _addRoles(uint256 seed) private {
        bytes32 id = keccak256(abi.encode(seed));
        uint56 units = uint56(1 + seed % 100);
        ILedgerTypes.Order[] memory orders = ordersOf(id, holders[1], units, 0);
        ILedgerTypes.Voucher memory voucher = voucherFor(PROJECT, orders);
        ILedgerTypes.Account memory record = ledger.accountOf(holders[1]);
        ILedgerTypes.Role role = ILedgerTypes.Role.Minter;
        _add("mintInvestment", abi.encodeCall(ledger.mintInvestment, (id, PROJECT, holders[1], units, 0, voucher)), role);
        _add("mintInvestments", abi.encodeCall(ledger.mintInvestments, (PROJECT, orders, voucher)), role);
        role = ILedgerTypes.Role.Sale;
        _add("mintSettled", abi.encodeCall(ledger.mintSettled, (PROJECT, orders)), role);
        _add("setSaleState", abi.encodeCall(ledger.setSaleState, (PROJECT, ILedgerTypes.State.Funding)), role);
        role = ILedgerTypes.Role.Registrar;
        _add("setAccount", abi.encodeCall(ledger.setAccount, (holders[1], record)), role);
        _add("relinkWallet", abi.encodeCall(ledger.relinkWallet, (holders[1], address(0xBEEF), record)), role);
        role = ILedgerTypes.Role.Vault;
        _add("openEpoch", abi.encodeCall(ledger.openEpoch, (PROJECT, units, TREASURER)), role);
        _add("settleClaim", abi.encodeCall(ledger.settleClaim, (PROJECT, holders[0])), role);
        _add("beginExitByBuyOut", abi.encodeCall(ledger.beginExitByBuyOut, (PROJECT)), role);
        role = ILedgerTypes.Role.Governor;
        _add("openVoteEpoch", abi.encodeCall(ledger.openVoteEpoch, (PROJECT)), role);
        _addSelf("mintOrder", address(ledger), abi.encodeCall(ledger.mintOrder, (address(this), PROJECT, orders[0])));
    }

    function _addTreasurer(uint256 seed) private {
        bytes32 id = keccak256(abi.encode(seed));
        uint256 amount = 1 + seed % 1e9;
        _addVault("distributeReturns", abi.encodeCall(vault.distributeReturns, (id, PROJECT, amount, 0, "ipfs://r")));
        _addVault("buyOut", abi.encodeCall(vault.buyOut, (id, PROJECT, amount, 0, "ipfs://r")));
        _addVault("openRecordDate", abi.encodeCall(vault.openRecordDate, (PROJECT)));
        _addVault("attestOffchain", abi.encodeCall(vault.attestOffchain, (id, PROJECT, 1, id, amount, "EUR", id, "ipfs://r")));
        _addSelf("payHolder", address(vault), abi.encodeCall(vault.payHolder, (PROJECT, holders[0], address(this))));
    }

    function _addManaged(uint256 seed) private {
        ILedgerTypes.State state = ILedgerTypes.State.Paused;
        uint256[4] memory blocked = [seed, 0, 0, 0];
        ILedgerTypes.ProjectTerms memory terms;
        (terms.cap, terms.dailyMintCap, terms.payoutToken) = (5, 5, address(token));
        (terms.metadataHash, terms.uri) = (bytes32(seed | 1), "ipfs://y");
        _add("createProject", abi.encodeCall(ledger.createProject, (9, terms)));
        _add("setProjectState", abi.encodeCall(ledger.setProjectState, (PROJECT, state, bytes32(seed))));
        _add("setDailyMintCap", abi.encodeCall(ledger.setDailyMintCap, (PROJECT, uint56(seed))));
        _add("setRules", abi.encodeCall(ledger.setRules, (PROJECT, address(token))));
        _add("setBlockedCountries", abi.encodeCall(ledger.setBlockedCountries, (PROJECT, blocked)));
        _add("setMetadata", abi.encodeCall(ledger.setMetadata, (PROJECT, bytes32(seed | 1), "ipfs://y")));
        _add("freezeMetadata", abi.encodeCall(ledger.freezeMetadata, (PROJECT)));
        _add("pause", abi.encodeCall(ledger.pause, ()));
        _add("unpause", abi.encodeCall(ledger.unpause, ()));
        _add("setRole", abi.encodeCall(ledger.setRole, (holders[2], ILedgerTypes.Role.Minter)));
    }

    function _addUnits(uint256 seed) private {
        uint256 units = 1 + seed % 50;
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = "a";
        _add("setFrozenTokens", abi.encodeCall(ledger.setFrozenTokens, (holders[0], PROJECT, units)));
        _add("forcedTransfer", abi.encodeCall(ledger.forcedTransfer, (holders[0], holders[1], PROJECT, units)));
        _add("transferLots", abi.encodeCall(ledger.transferLots, (ids, holders[1], bytes32(seed))));
        _add("reverseInvestment", abi.encodeCall(ledger.reverseInvestment, (ids[0], bytes32(seed))));
        uint40 later = uint40(timeNow()) + NOTICE;
        _add("announceExit", abi.encodeCall(ledger.announceExit, (PROJECT, address(dao), later)));
        _add("cancelExit", abi.encodeCall(ledger.cancelExit, (PROJECT)));
        _add("beginExit", abi.encodeCall(ledger.beginExit, (PROJECT)));
    }

    function _addOthers(uint256 seed) private {
        ISaleTypes.SaleTerms memory terms;
        ITerraLuminaRegistrar.Attestation memory attestation;
        (attestation.account, attestation.replaces) = (address(0xBEEF), holders[1]);
        uint40 later = uint40(timeNow()) + MIN_CLAWBACK;
        address[] memory list = new address[](1);
        list[0] = holders[0];
        _addTo("setTokenAllowed", address(vault), abi.encodeCall(vault.setTokenAllowed, (address(token), false)));
        _addTo("announceClawback", address(vault), abi.encodeCall(vault.announceClawback, (PROJECT, 1, later)));
        _addTo("cancelClawback", address(vault), abi.encodeCall(vault.cancelClawback, (PROJECT)));
        _addTo("clawback", address(vault), abi.encodeCall(vault.clawback, (PROJECT, list)));
        _addTo("openSale", address(sale), abi.encodeCall(sale.openSale, (PROJECT, terms)));
        _addTo("announceEarlyClose", address(sale), abi.encodeCall(sale.announceEarlyClose, (PROJECT, later)));
        _addTo("abandonSale", address(sale), abi.encodeCall(sale.abandonSale, (PROJECT, bytes32(seed))));
        bytes memory data = abi.encodeCall(sale.commitFiat, (PROJECT, bytes32(seed | 1), holders[1], 5, later, ""));
        _calls.push(Guarded("commitFiat", address(sale), data, ILedgerTypes.Role.Minter, false));
        _addSelf("refundOne", address(sale), abi.encodeCall(sale.refundOne, (bytes32(seed))));
        _addTo("revoke", address(registrar), abi.encodeCall(registrar.revoke, (holders[1])));
        _addTo("relink", address(registrar), abi.encodeCall(registrar.relink, (attestation, "", new uint256[](0))));
        bytes32 kind = "prospectus";
        data = abi.encodeCall(documents.addDocument, (PROJECT, kind, bytes32(seed | 1), "ipfs://d"));
        _addTo("addDocument", address(documents), data);
    }

    function _add(string memory name, bytes memory data, ILedgerTypes.Role role) private {
        _calls.push(Guarded(name, address(ledger), data, role, false));
    }

    function _add(string memory name, bytes memory data) private {
        _addTo(name, address(ledger), data);
    }

    function _addVault(string memory name, bytes memory data) private {
        _calls.push(Guarded(name, address(vault), data, ILedgerTypes.Role.Treasurer, false));
    }

    function _addTo(string memory name, address target, bytes memory data) private {
        _calls.push(Guarded(name, target, data, ILedgerTypes.Role.None, false));
    }

    function _addSelf(string memory name, address target, bytes memory data) private {
        _calls.push(Guarded(name, target, data, ILedgerTypes.Role.None, true));
    }
}
